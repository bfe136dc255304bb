import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AccountAssets, type ReadAssets } from './account-assets.ts';

/** Reads that are answered by hand, in their order. */
function held() {
  const asked: { readonly ids: readonly string[]; readonly answer: (error?: Error) => void }[] = [];
  const read: ReadAssets = (ids) => {
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<ReadAssets>>>();
    const found = ids.filter((id) => id !== 'nobody').map((id) => ({ id, asset: 'BRL/2' }));
    const answer = (error?: Error) => {
      if (error === undefined) resolve(found);
      else reject(error);
    };
    asked.push({ ids, answer });
    return promise;
  };
  return { assets: new AccountAssets(read), asked };
}

describe('what accounts count', () => {
  it('is read together, and while a read is under way in the next one', async () => {
    const { assets, asked } = held();
    const one = assets.of(['ana', 'bia']);
    const two = assets.of(['bia', 'nobody']);
    await turn();
    const three = assets.of(['caio']);
    const four = assets.of(['davi', 'caio']);
    await turn();
    expect(asked.map(({ ids }) => ids)).toEqual([['ana', 'bia', 'nobody']]);
    asked[0]?.answer();
    expect(await one).toEqual(
      new Map([
        ['ana', 'BRL/2'],
        ['bia', 'BRL/2'],
      ]),
    );
    expect(await two).toEqual(new Map([['bia', 'BRL/2']]));
    await turn();
    expect(asked.map(({ ids }) => ids)).toEqual([
      ['ana', 'bia', 'nobody'],
      ['caio', 'davi'],
    ]);
    asked[1]?.answer();
    expect((await three).size).toBe(1);
    expect((await four).size).toBe(2);
  });

  it('is read once of an account that stands', async () => {
    const { assets, asked } = held();
    const first = assets.of(['ana', 'nobody']);
    await turn();
    asked[0]?.answer();
    await first;
    expect((await assets.of(['ana'])).get('ana')).toBe('BRL/2');
    expect(asked).toHaveLength(1);
    const again = assets.of(['ana', 'nobody']);
    await turn();
    expect(asked[1]?.ids).toEqual(['nobody']);
    asked[1]?.answer();
    expect((await again).size).toBe(1);
  });

  it('a read that fails is told to all who wait for it, and to nobody else', async () => {
    const { assets, asked } = held();
    const one = assets.of(['ana']);
    const two = assets.of(['bia']);
    const failing = Promise.allSettled([one, two]);
    await turn();
    const three = assets.of(['ana']);
    asked[0]?.answer(new Error('the database is away'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await turn();
    asked[1]?.answer();
    expect((await three).get('ana')).toBe('BRL/2');
  });
});
