import { describe, expect, test } from 'vitest';
import { Cadence } from './cadence.ts';

const LIMITS = { longestMs: 20, times: 2, few: 4, many: 20, plenty: 100 };

/** Batches of so many every so many milliseconds, for a second; each takes so long. */
function busy(count: number, everyMs: number, tookMs = 15) {
  const cadence = new Cadence(LIMITS);
  let now = 0;
  for (; now < 1_000; now += everyMs) {
    cadence.start(now, count);
    cadence.end(tookMs);
  }
  return { cadence, now: now - everyMs };
}

describe('a batch', () => {
  test('starts at once after a rest', () => {
    expect(new Cadence(LIMITS).waitMs(0, 1)).toBe(0);
  });

  test('does not wait where few come', () => {
    const { cadence, now } = busy(1, 10);
    expect(cadence.waitMs(now, 1)).toBe(0);
  });

  test('keeps a distance where many come, and a longer one where more do', () => {
    const some = busy(3, 5);
    expect(some.cadence.waitMs(some.now, 1)).toBeGreaterThan(5);
    expect(some.cadence.waitMs(some.now, 1)).toBeLessThan(15);
    const many = busy(10, 5);
    expect(many.cadence.waitMs(many.now, 1)).toBe(20);
    expect(many.cadence.waitMs(many.now + 15, 1)).toBe(5);
    expect(many.cadence.waitMs(many.now + 25, 1)).toBe(0);
  });

  test('keeps a distance of so many times as long as one takes', () => {
    const { cadence, now } = busy(10, 5, 3);
    expect(cadence.waitMs(now, 1)).toBeCloseTo(6, 3);
    for (let slow = 0; slow < 50; slow += 1) cadence.end(8);
    expect(cadence.waitMs(now, 1)).toBeGreaterThan(15);
    for (let slow = 0; slow < 50; slow += 1) cadence.end(1_000);
    expect(cadence.waitMs(now, 1)).toBe(20);
  });

  test('soon forgets one that hung', () => {
    const { cadence, now } = busy(10, 5, 3);
    cadence.end(10_000);
    expect(cadence.waitMs(now, 1)).toBeLessThan(12);
    for (let usual = 0; usual < 20; usual += 1) cadence.end(3);
    expect(cadence.waitMs(now, 1)).toBeLessThan(7);
  });

  test('starts at once when plenty is there', () => {
    const { cadence, now } = busy(10, 5);
    expect(cadence.waitMs(now, 99)).toBe(20);
    expect(cadence.waitMs(now, 100)).toBe(0);
  });

  test('soon forgets that it was busy', () => {
    const { cadence, now } = busy(10, 5);
    cadence.start(now + 1_000, 1);
    expect(cadence.waitMs(now + 1_000, 1)).toBe(0);
  });
});
