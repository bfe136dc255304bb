import { expect, it } from 'vitest';
import { Histogram } from './histogram.ts';

it('gives percentiles to within a tenth of the value', () => {
  const histogram = new Histogram(0.01);
  for (let value = 1; value <= 1_000; value += 1) histogram.record(value);
  const { p50, p95, p99 } = histogram.percentiles();
  expect(Math.abs(p50 / 500 - 1)).toBeLessThan(0.1);
  expect(Math.abs(p95 / 950 - 1)).toBeLessThan(0.1);
  expect(Math.abs(p99 / 990 - 1)).toBeLessThan(0.1);
  expect(histogram.count).toBe(1_000);
  expect(histogram.sum).toBe(500_500);
});

it('takes values beyond both ends', () => {
  const histogram = new Histogram(1);
  histogram.record(0);
  histogram.record(Number.MAX_VALUE);
  expect(histogram.count).toBe(2);
  expect(histogram.percentile(0.5)).toBeLessThanOrEqual(1);
});

it('is empty until something is recorded', () => {
  expect(new Histogram(1).percentiles()).toEqual({ p50: 0, p95: 0, p99: 0 });
});

it('counts what is at or below a bound', () => {
  const histogram = new Histogram(0.01);
  for (let value = 1; value <= 1_000; value += 1) histogram.record(value);
  const [none, some, most, all] = histogram.countsUpTo([0.5, 100, 900, 5_000]);
  expect(none).toBe(0);
  expect(Math.abs((some ?? 0) / 100 - 1)).toBeLessThan(0.1);
  expect(Math.abs((most ?? 0) / 900 - 1)).toBeLessThan(0.1);
  expect(all).toBe(1_000);
});

it('takes in another one of the same buckets only', () => {
  const histogram = new Histogram(1);
  const other = new Histogram(1);
  other.record(7);
  histogram.add(other);
  expect([histogram.count, histogram.sum]).toEqual([1, 7]);
  expect(() => histogram.add(new Histogram(2))).toThrow('different buckets');
});
