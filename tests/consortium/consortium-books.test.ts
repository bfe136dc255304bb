import { describe, expect, it } from 'vitest';
import { contradictions, unmirrored } from './consortium-books.ts';

describe('positions', () => {
  const alfa = { bank: 'alfa', peer: 'beta', code: 'BRL', balance: 150n };
  const beta = { bank: 'beta', peer: 'alfa', code: 'BRL', balance: -150n };

  it('mirror when what one is owed the other owes', () => {
    expect(unmirrored([alfa, beta])).toEqual([]);
    expect(unmirrored([{ ...alfa, balance: 0n }])).toEqual([]);
  });

  it('that differ, by a centavo, in the asset or because one is missing, are named', () => {
    expect(unmirrored([alfa, { ...beta, balance: -149n }])).toHaveLength(2);
    expect(unmirrored([alfa, { ...beta, code: 'USD' }])).toHaveLength(2);
    expect(unmirrored([alfa])).toEqual(['alfa → beta BRL: 150']);
  });
});

describe('what banks say of one transaction', () => {
  const said = (bank: string, state: string, hash: string | null = 'aa') => ({
    bank,
    id: 'alfa/1',
    state,
    hash,
  });

  it('agrees when all that know it say the same', () => {
    expect(contradictions([said('alfa', 'committed'), said('beta', 'committed')])).toEqual([]);
    expect(contradictions([said('alfa', 'aborted'), said('beta', 'aborted', null)])).toEqual([]);
  });

  it('contradicts when states or hashes differ', () => {
    const torn = [said('alfa', 'committed'), said('beta', 'aborted')];
    expect(contradictions(torn)).toEqual(['alfa/1: alfa committed, beta aborted']);
    expect(
      contradictions([said('alfa', 'committed'), said('beta', 'committed', 'bb')]),
    ).toHaveLength(1);
  });
});
