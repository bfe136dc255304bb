import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from './histogram.ts';

function histogramOf(latencies: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const latency of latencies) histogram.add(latency);
  return histogram;
}

const latencies = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1 });

describe('a histogram of latencies', () => {
  it('gives any percentile to within one percent of the exact one', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (values, fraction) => {
        const sorted = values.toSorted((left, right) => left - right);
        const exact = sorted[Math.max(0, Math.ceil(values.length * fraction) - 1)]!;
        const found = histogramOf(values).percentile(fraction);
        expect(Math.abs(found / exact - 1)).toBeLessThan(0.01);
      }),
    );
  });

  it('is the same after a journey as counts', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const sent = histogramOf(values);
        const received = new LatencyHistogram(sent.toCounts());
        expect(received.total).toBe(values.length);
        expect(received.percentile(0.5)).toBe(sent.percentile(0.5));
      }),
    );
  });

  it('merges as if all had been counted in one', () => {
    const left = histogramOf([1, 2, 3]);
    left.merge(histogramOf([100, 200, 300]));
    expect(left.toCounts()).toEqual(histogramOf([1, 2, 3, 100, 200, 300]).toCounts());
    expect(left.total).toBe(6);
  });

  it('keeps what lies outside its range at its ends', () => {
    const histogram = histogramOf([0, 1e12]);
    expect(histogram.total).toBe(2);
    expect(histogram.percentile(0.5)).toBeLessThan(0.002);
    expect(histogram.percentile(1)).toBeGreaterThan(400_000);
  });

  it('has no percentile but 0 while it is empty', () => {
    expect(new LatencyHistogram().percentile(0.99)).toBe(0);
  });
});
