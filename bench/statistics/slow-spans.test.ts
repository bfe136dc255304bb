import { describe, expect, it } from 'vitest';
import { isClear, SPAN_MS, slowSpans, type WorkSample } from './slow-spans.ts';

/** Ten samples in each span, which take as long as `tookMs` says for its number. */
function samplesOf(spans: number, tookMs: (span: number) => number): WorkSample[] {
  return Array.from({ length: spans * 10 }, (_, index) => {
    const span = Math.floor(index / 10);
    return { at: span * SPAN_MS + (index % 10), tookMs: tookMs(span) };
  });
}

describe('slow spans', () => {
  it('are those in which the same work takes half as long again', () => {
    const samples = samplesOf(40, (span) => (span === 7 || span === 8 ? 0.02 : 0.01));
    expect(slowSpans(samples)).toEqual([
      { from: 7 * SPAN_MS, until: 8 * SPAN_MS },
      { from: 8 * SPAN_MS, until: 9 * SPAN_MS },
    ]);
  });

  it('are not made by a sample that was interrupted', () => {
    const samples = samplesOf(40, () => 0.01);
    expect(slowSpans(samples.with(75, { at: 7 * SPAN_MS + 5, tookMs: 4 }))).toEqual([]);
  });

  it('are not guessed from a few samples', () => {
    const samples = samplesOf(40, () => 0.01);
    expect(slowSpans([...samples, { at: 41 * SPAN_MS, tookMs: 1 }])).toEqual([]);
    expect(slowSpans([])).toEqual([]);
  });
});

describe('a span', () => {
  const slow = [{ from: 1_000, until: 1_025 }];
  const around = { beforeMs: 200, afterMs: 100 };

  it('is clear while nothing slow lies in it, shortly before or shortly after', () => {
    expect(isClear({ from: 700, until: 800 }, slow, around)).toBe(true);
    expect(isClear({ from: 800, until: 901 }, slow, around)).toBe(false);
    expect(isClear({ from: 1_000, until: 1_100 }, slow, around)).toBe(false);
    expect(isClear({ from: 1_224, until: 1_300 }, slow, around)).toBe(false);
    expect(isClear({ from: 1_225, until: 1_325 }, slow, around)).toBe(true);
  });
});
