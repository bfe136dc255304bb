import { expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from './backoff.ts';

test('pauses double up to 2 s, with full jitter', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 20].map((tries) => backoffMs(tries, 0, 1));
  expect(longest).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000]);
  expect(backoffMs(7, 0, 0)).toBe(0);
  expect(backoffMs(3, 0, 0.5)).toBe(100);
});

test('what the bank asked for comes on top', () => {
  expect(backoffMs(1, 1000, 0.5)).toBe(1025);
});

test.for([
  [undefined, 0],
  ['3', 3000],
  ['Thu, 01 Jan 1970 00:00:15 GMT', 5000],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 0],
  ['soon', 0],
  ['-1', 0],
] as const)('Retry-After %s at 10 s is %i ms', ([header, expected]) => {
  expect(retryAfterMs(header, 10_000)).toBe(expected);
});
