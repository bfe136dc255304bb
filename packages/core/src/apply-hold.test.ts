import { describe, expect, test } from 'vitest';
import { apply } from './apply.ts';
import type { Fact } from './event.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { metadata } from './refusal-case.fixture.ts';
import { accountOf, BLOCK_TIME } from './town.fixture.ts';

const leg = { from: 'ana', to: 'bia', amount: 5n, asset: 'BRL/2', metadata };
const placed: Fact = {
  type: 'hold.placed',
  id: 'n',
  expiresAt: BLOCK_TIME + 60_000,
  transfers: [leg],
};
/** As it was promised: `held` is rita's promise of five to nina. */
const kept = { id: 'c', from: 'rita', to: 'nina', amount: 5n, asset: 'BRL/2', metadata };
const [first, second] = [
  { ...kept, id: 'c1', amount: 2n },
  { ...kept, id: 'c2', to: 'promised', amount: 3n },
];

test('a hold stands with its event, its time and its legs, and raises both versions', () => {
  const { ledger } = createFurnishedTown();
  const before = ledger.account('ana')!.version;
  apply(ledger, { seq: 999, command: null, fact: placed }, BLOCK_TIME);
  const expiresAt = BLOCK_TIME + 60_000;
  const hold = {
    id: 'n',
    owner: null,
    legs: [leg],
    expiresAt,
    seq: 999,
    at: BLOCK_TIME,
    end: null,
  };
  expect(ledger.hold('n')).toEqual(hold);
  expect(ledger.account('ana')).toMatchObject({ debitsPending: 5n, version: before + 1 });
  expect(ledger.isTransactionTaken('n')).toBe(true);
  apply(ledger, { seq: 1_000, command: null, fact: { type: 'hold.released', hold: 'n' } }, 7);
  expect(ledger.hold('n')).toEqual({ ...hold, end: { state: 'released', seq: 1_000, at: 7 } });
  expect(ledger.account('ana')).toMatchObject({ debitsPending: 0n, version: before + 2 });
});

test('a captured transfer keeps both balances, and raises each version once', () => {
  const town = createFurnishedTown();
  const before = accountOf(town, 'rita').version;
  const fact: Fact = { type: 'hold.captured', hold: 'held', transfers: [{ ...kept, amount: 4n }] };
  apply(town.ledger, { seq: 999, command: null, fact }, BLOCK_TIME);
  const { creditsPosted, debitsPosted, version } = accountOf(town, 'rita');
  expect(version).toBe(before + 1);
  const fromBalance = creditsPosted - debitsPosted;
  expect(town.ledger.transfers.get('c')).toMatchObject({ amount: 4n, fromBalance, leg: 0 });
  expect(town.ledger.hold('held')?.end).toEqual({ state: 'captured', seq: 999, at: BLOCK_TIME });
});

describe('an event that can’t follow what stands throws', () => {
  const captured = (hold: string, ...transfers: readonly (typeof kept)[]): Fact => ({
    type: 'hold.captured',
    hold,
    transfers,
  });

  test.each<[string, string, Fact]>([
    ['gives a hold a taken id', 'stands already', { ...placed, id: 'used-transaction' }],
    ['promises nothing', 'conservation', { ...placed, transfers: [{ ...leg, amount: 0n }] }],
    ['promises backwards', 'conservation', { ...placed, transfers: [{ ...leg, amount: -1n }] }],
    ['promises to itself', 'conservation', { ...placed, transfers: [{ ...leg, to: 'ana' }] }],
    [
      'promises out of another asset',
      'conservation',
      { ...placed, transfers: [{ ...leg, from: 'usd' }] },
    ],
    [
      'promises into another asset',
      'conservation',
      { ...placed, transfers: [{ ...leg, to: 'usd' }] },
    ],
    ['promises from nobody', 'unknown accounts', { ...placed, transfers: [{ ...leg, from: 'x' }] }],
    ['promises to nobody', 'unknown accounts', { ...placed, transfers: [{ ...leg, to: 'x' }] }],
    ['captures an unknown hold', 'not pending', captured('ghost', kept)],
    ['captures what was captured', 'not pending', captured('captured', kept)],
    ['releases what expired', 'not pending', { type: 'hold.released', hold: 'expired' }],
    ['expires what was released', 'not pending', { type: 'hold.expired', hold: 'released' }],
    [
      'extends what is over',
      'not pending',
      { type: 'hold.extended', hold: 'released', expiresAt: 9e15 },
    ],
    ['expires before its time', 'before its time', { type: 'hold.expired', hold: 'held' }],
    ['captures nothing', 'another number', captured('held')],
    ['captures more transfers', 'another number', captured('held', kept, kept)],
    ['captures part of a group', 'another number', captured('group', first)],
    ['captures more than promised', 'not promised', captured('held', { ...kept, amount: 6n })],
    ['captures from another', 'not promised', captured('held', { ...kept, from: 'ana' })],
    ['captures to another', 'not promised', captured('held', { ...kept, to: 'bia' })],
    ['captures in another asset', 'conservation', captured('held', { ...kept, asset: 'USD/2' })],
    [
      'captures less of a group',
      'not promised',
      captured('group', first, { ...second, amount: 2n }),
    ],
  ])('%s', (_, message, fact) => {
    const { ledger } = createFurnishedTown();
    const event = { seq: 999, command: null, fact };
    expect(() => apply(ledger, event, BLOCK_TIME + 4_000)).toThrow(message);
  });

  test('and as it was promised it follows', () => {
    const { ledger } = createFurnishedTown();
    const fact = captured('group', first, second);
    apply(ledger, { seq: 999, command: null, fact }, BLOCK_TIME + 4_000);
    expect(ledger.transfers.get('c2')).toMatchObject({ leg: 1, transaction: 'group' });
  });
});
