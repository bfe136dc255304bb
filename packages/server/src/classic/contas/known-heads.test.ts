import { expect, it } from 'vitest';
import { KnownHeads } from './known-heads.ts';

it('says what was known before an event, and nothing of what came later', () => {
  const heads = new KnownHeads();
  heads.learn('beta', 7, 10);
  heads.learn('beta', 9, 12);
  expect([9, 10, 11, 12, 13, 99].map((seq) => heads.before('beta', seq))).toEqual([
    undefined,
    undefined,
    7,
    7,
    9,
    9,
  ]);
  expect(heads.before('gama', 99)).toBeUndefined();
});

it('never goes back, and takes the newest of what was learned at one event', () => {
  const heads = new KnownHeads();
  heads.learn('beta', 7, 10);
  heads.learn('beta', 5, 20);
  heads.learn('beta', 8, 10);
  expect(heads.before('beta', 21)).toBe(8);
  expect(heads.before('beta', 11)).toBe(8);
  expect(heads.before('beta', 10)).toBeUndefined();
});

it('forgets the oldest of many', () => {
  const heads = new KnownHeads();
  for (let seq = 1; seq <= 20_000; seq += 1) heads.learn('beta', seq, seq);
  expect(heads.before('beta', 100)).toBeUndefined();
  expect(heads.before('beta', 15_001)).toBe(15_000);
});
