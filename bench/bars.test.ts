import { describe, expect, it } from 'vitest';
import { atLeast, atMost, coursesFor, pacedVerdict } from './bars.ts';

const spread = (median: number) => ({ median, min: 0, max: 9, rounds: 3 });

describe('a bar', () => {
  it('is met by a median that reaches it', () => {
    expect(atLeast(spread(0.4), 0.4)).toBe('met');
    expect(atLeast(spread(0.399), 0.4)).toBe('missed');
    expect(atMost(400, 400)).toBe('met');
    expect(atMost(401, 400)).toBe('missed');
  });

  it('is open where nothing was measured or nothing is asked', () => {
    expect(atLeast(undefined, 0.4)).toBe('open');
    expect(atLeast(spread(1), null)).toBe('open');
    expect(atMost(undefined, 400)).toBe('open');
  });

  it('of the paced lane holds only where a commit takes a millisecond or less', () => {
    expect(pacedVerdict(spread(24), 0.9)).toBe('met');
    expect(pacedVerdict(spread(26), 0.9)).toBe('missed');
    expect(pacedVerdict(spread(26), 1.1)).toBe('open');
  });
});

describe('the lanes that are asked for', () => {
  it('bring what they are divided by', () => {
    expect(coursesFor(['hot'])).toEqual(new Set(['hot', 'bulk', 'rowLockHot']));
    expect(coursesFor(['single'])).toEqual(new Set(['single', 'noop', 'rowLock', 'function']));
  });

  it('bring single where another one is divided by it, or paced by its rate', () => {
    expect(coursesFor(['cross'])).toEqual(new Set(['cross', 'single']));
    expect(coursesFor(['paced'])).toEqual(new Set(['paced', 'single', 'pacedNoop']));
  });
});
