import { describe, expect, it } from 'vitest';
import type { AccountsAsOf } from '../store/read-accounts.ts';
import type { Head, StoredAccount } from '../store/row-types.ts';
import { createRowCache } from './row-cache.ts';
import { RowsAhead } from './rows-ahead.ts';
import { opened } from './stored-account.fixture.ts';
import { moving } from './tickets.fixture.ts';

const head = (block: number): Head => ({
  block,
  seq: block,
  hash: String(block).padStart(64, '0'),
  at: 1,
  accounts: 900,
  bank: 'test',
});

interface Asked {
  readonly ids: readonly string[];
  readonly answer: (answer: AccountsAsOf) => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** A cache as of block 7, and a database beside it that answers when it is told to. */
function start() {
  const cache = createRowCache(10_000);
  cache.head = head(7);
  const asked: Asked[] = [];
  const ahead = new RowsAhead(cache, (ids) => {
    const { promise, resolve, reject } = Promise.withResolvers<AccountsAsOf>();
    asked.push({
      ids,
      async answer(answer) {
        resolve(answer);
        await settled();
      },
      async fail() {
        reject(new Error('the database is away'));
        await settled();
      },
    });
    return promise;
  });
  /** So many tickets between accounts that nobody knows, from `first` on. */
  const note = (tickets: number, first = 0) => {
    for (let number = first; number < first + 2 * tickets; number += 2) {
      ahead.note(moving(`a${number}`, `a${number + 1}`));
    }
  };
  const known = (numbers: readonly number[]) =>
    numbers.filter((number) => cache.accounts.has(`a${number}`));
  return { cache, asked, ahead, note, known };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const asOf = (block: number, numbers: readonly number[]): AccountsAsOf => ({
  hash: head(block).hash,
  accounts: numbers.map((number) => opened(number)),
});

describe('rows for the next block', () => {
  it('are asked for once a block is on its way, and known as soon as they come', async () => {
    const { cache, asked, ahead, note, known } = start();
    cache.accounts.set('a3', opened(3));
    note(20);
    expect(asked).toEqual([]);
    ahead.begin();
    expect(asked).toHaveLength(1);
    expect(asked[0]!.ids).toHaveLength(39);
    expect(asked[0]!.ids).not.toContain('a3');
    expect(known([0, 3, 39])).toEqual([3]);
    await asked[0]!.answer(asOf(7, [0, 39]));
    expect(known([0, 1, 3, 39])).toEqual([0, 3, 39]);
  });

  it.each([
    ['an earlier', 6],
    ['a later', 8],
  ])('are not taken when they are of %s head', async (_, block) => {
    const { asked, ahead, note, known } = start();
    note(20);
    ahead.begin();
    await asked[0]!.answer(asOf(block, [0, 1]));
    expect(known([0, 1])).toEqual([]);
  });

  it('are not taken when the block came to stand meanwhile: it may have changed them', async () => {
    const { cache, asked, ahead, note } = start();
    note(20);
    ahead.begin();
    ahead.end();
    cache.head = head(8);
    const changed: StoredAccount = { number: 1, account: { ...opened(1).account, version: 2 } };
    cache.accounts.set('a1', changed);
    ahead.begin();
    await asked[0]!.answer(asOf(7, [0, 1]));
    expect(cache.accounts.has('a0')).toBe(false);
    expect(cache.accounts.get('a1')).toStrictEqual(changed);
  });

  it('are not taken when every row was forgotten meanwhile', async () => {
    const { cache, asked, ahead, note, known } = start();
    note(20);
    ahead.begin();
    cache.clear();
    await asked[0]!.answer(asOf(7, [0, 1]));
    expect(known([0, 1])).toEqual([]);
  });

  it('are not taken while the next block is decided: they might push out what was loaded for it', async () => {
    const { asked, ahead, note, known } = start();
    note(20);
    ahead.begin();
    ahead.end();
    await asked[0]!.answer(asOf(7, [0, 1]));
    expect(known([0, 1])).toEqual([]);
  });

  it('are asked for together, while others are on their way', async () => {
    const { asked, ahead, note } = start();
    note(20);
    ahead.begin();
    note(30, 100);
    expect(asked).toHaveLength(1);
    await asked[0]!.answer(asOf(7, []));
    expect(asked.map(({ ids }) => ids.length)).toEqual([40, 60]);
  });

  it('are not asked for where they are few, or known, or no block is on its way', () => {
    const { cache, asked, ahead, note } = start();
    ahead.begin();
    note(15);
    ahead.end();
    note(15, 100);
    for (let number = 100; number < 130; number += 1) {
      cache.accounts.set(`a${number}`, opened(number));
    }
    note(15, 200);
    ahead.begin();
    expect(asked).toEqual([]);
  });

  it('are asked for within bounds', () => {
    const { asked, ahead, note } = start();
    note(5_000);
    ahead.begin();
    expect(asked.map(({ ids }) => ids.length)).toEqual([1_000]);
  });

  it('are asked for again after the database was away', async () => {
    const { asked, ahead, note } = start();
    note(20);
    ahead.begin();
    await asked[0]!.fail();
    note(20, 100);
    expect(asked).toHaveLength(2);
  });

  it('are not asked for as long as no head is known', () => {
    const { cache, asked, ahead, note } = start();
    cache.clear();
    note(20);
    ahead.begin();
    expect(asked).toEqual([]);
  });
});
