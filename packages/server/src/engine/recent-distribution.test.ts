import { expect, it } from 'vitest';
import { RecentDistribution } from './recent-distribution.ts';

const MINUTE = 60_000;

it('forgets what is older than two windows and keeps it in the whole', () => {
  const distribution = new RecentDistribution(0.01);
  distribution.advance(0);
  distribution.record(1_000);
  expect(distribution.recent(MINUTE - 1).p99).toBeCloseTo(1_000, -2);

  distribution.advance(MINUTE);
  distribution.record(1);
  expect(distribution.recent(MINUTE + 1).p99).toBeCloseTo(1_000, -2);
  expect(distribution.recent(2 * MINUTE + 1).p99).toBeCloseTo(1, 0);
  expect(distribution.recent(3 * MINUTE + 2)).toEqual({ p50: 0, p95: 0, p99: 0 });

  expect(distribution.whole().count).toBe(2);
  expect(distribution.whole().sum).toBe(1_001);
});

it('forgets at once after a long silence', () => {
  const distribution = new RecentDistribution(0.01);
  distribution.advance(0);
  distribution.record(1_000);
  expect(distribution.recent(60 * MINUTE)).toEqual({ p50: 0, p95: 0, p99: 0 });
  expect(distribution.whole().count).toBe(1);
});
