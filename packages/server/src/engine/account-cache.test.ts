import { NO_METADATA, type Account } from '@lastro/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredAccount } from '../store/row-types.ts';
import { createAccountCache } from './account-cache.ts';
import { opened } from './stored-account.fixture.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', '__proto__', 'constructor'] as const;

const sum = fc.bigInt({ min: 0n, max: 2n ** 62n });
const limit = fc.option(fc.constantFrom(0n, 500n, 2n ** 53n));
const metadata = fc.constantFrom(NO_METADATA, { holder: 'ana' }, { holder: 'bia' });

const row: fc.Arbitrary<Omit<Account, 'id'>> = fc.record({
  asset: fc.constantFrom('BRL', 'USD', 'sku:caneca'),
  debitsPosted: sum,
  creditsPosted: sum,
  debitsPending: sum,
  creditsPending: sum,
  creditLimit: limit,
  maximumBalance: limit,
  status: fc.constantFrom('open', 'frozen', 'closed'),
  leaseToken: fc.option(fc.constantFrom(1, 7)),
  leaseUntil: fc.option(fc.constantFrom(1_790_000_000_000)),
  isRebuilt: fc.boolean(),
  version: fc.constantFrom(1, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER),
  createdAt: fc.constantFrom(0, 1_790_000_000_123),
  metadata,
});

const value = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(), row) },
  { weight: 1, arbitrary: fc.constant('absent' as const) },
);

const step = fc.record({
  id: fc.constantFrom(...IDS),
  what: fc.constantFrom('set', 'get', 'has'),
  value,
});

describe('rows of accounts, packed', () => {
  it('gives what was put in last, or nothing', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, size) => {
          const cache = createAccountCache(size);
          const truth = new Map<string, StoredAccount | 'absent'>();
          for (const { id, what, value: given } of steps) {
            if (what === 'set') {
              const stored =
                given === 'absent' ? given : { number: given[0], account: { id, ...given[1] } };
              truth.set(id, stored);
              cache.set(id, stored);
              expect(cache.get(id)).toStrictEqual(stored);
            } else if (what === 'get') {
              expect([undefined, truth.get(id)]).toContainEqual(cache.get(id));
            } else if (cache.has(id)) {
              expect(cache.get(id)).toStrictEqual(truth.get(id));
            } else {
              expect(cache.get(id)).toBeUndefined();
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps at least as many as one generation, and at most two', () => {
    const cache = createAccountCache(1_500);
    for (let number = 0; number < 20_000; number += 1) cache.set(`a${number}`, opened(number));
    const newest = Array.from({ length: 1_500 }, (_, index) => 19_999 - index);
    for (const number of newest) expect(cache.get(`a${number}`)).toStrictEqual(opened(number));
    const numbers = Array.from({ length: 20_000 }, (_, index) => 19_999 - index);
    const kept = numbers.filter((number) => cache.get(`a${number}`) !== undefined);
    expect(kept.length).toBeLessThanOrEqual(3_000);
  });

  it('keeps what is used, however much else passes', () => {
    const cache = createAccountCache(5);
    cache.set('a7', opened(7));
    for (let number = 10; number < 500; number += 1) {
      cache.set(`a${number}`, number % 3 === 0 ? 'absent' : opened(number));
      expect(number % 2 === 0 ? cache.has('a7') : cache.get('a7')).toBeTruthy();
    }
    expect(cache.get('a7')).toStrictEqual(opened(7));
  });

  it('is not changed by who changes what it gave or got', () => {
    const cache = createAccountCache(5);
    const given = { number: 1, account: { ...opened(1).account } };
    cache.set('a1', given);
    Object.assign(given.account, { debitsPosted: 5n });
    const found = cache.get('a1');
    if (found !== undefined && found !== 'absent') {
      Object.assign(found.account, { creditsPosted: 5n });
    }
    expect(cache.get('a1')).toStrictEqual(opened(1));
  });

  it('forgets all at once', () => {
    const cache = createAccountCache(1);
    cache.set('a1', opened(1));
    cache.set('a2', 'absent');
    cache.clear();
    expect([cache.get('a1'), cache.get('a2')]).toEqual([undefined, undefined]);
  });
});
