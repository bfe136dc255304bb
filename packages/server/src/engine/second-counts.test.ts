import { expect, it } from 'vitest';
import { SecondCounts } from './second-counts.ts';

it('is the mean of the last ten whole seconds', () => {
  const counts = new SecondCounts(500);
  for (let second = 0; second < 30; second += 1) counts.add(second, 500 + second * 1_000);
  // The seconds 19 … 28; the 29th still gathers.
  expect(counts.rate(29_600)).toBe(23.5);
});

it('takes what there was of a process younger than that', () => {
  const counts = new SecondCounts(0);
  counts.add(6, 100);
  expect(counts.rate(900)).toBe(6);
  counts.add(2, 1_100);
  expect(counts.rate(1_200)).toBe(6);
  expect(counts.rate(2_000)).toBe(4);
});

it('is zero when nothing came for ten seconds', () => {
  const counts = new SecondCounts(0);
  counts.add(100, 5_500);
  expect(counts.rate(15_999)).toBe(10);
  expect(counts.rate(16_000)).toBe(0);
});
