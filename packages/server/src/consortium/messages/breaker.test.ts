import { describe, expect, it } from 'vitest';
import { admit, CLOSED, settle, type Breaker } from './breaker.ts';

const limits = { failuresMax: 3, pauseFirstMs: 1_000, pauseLongestMs: 3_000 };

function failAt(breaker: Breaker, at: number, random = 0): Breaker {
  return settle(breaker, false, { at, random, limits });
}

function openAt(at: number): Breaker {
  return [1, 2, 3].reduce((breaker: Breaker) => failAt(breaker, at), CLOSED);
}

describe('a breaker', () => {
  it('opens after so many failures in a row, and an answer between them counts', () => {
    const two = failAt(failAt(CLOSED, 0), 0);
    expect(admit(two, 0).isAdmitted).toBe(true);
    const answered = settle(two, true, { at: 0, random: 0, limits });
    expect(answered).toEqual(CLOSED);
    expect(failAt(two, 0)).toEqual({ state: 'open', until: 1_000, pauseMs: 1_000 });
  });

  it('admits nobody while it is open, then exactly one probe', () => {
    const open = openAt(0);
    expect(admit(open, 999).isAdmitted).toBe(false);
    const probing = admit(open, 1_000);
    expect(probing).toEqual({ isAdmitted: true, breaker: { state: 'half_open', pauseMs: 1_000 } });
    expect(admit(probing.breaker, 1_000).isAdmitted).toBe(false);
  });

  it('closes when the probe is answered, and waits longer when it is not, up to a bound', () => {
    const probing = admit(openAt(0), 1_000).breaker;
    expect(settle(probing, true, { at: 0, random: 0, limits })).toEqual(CLOSED);
    const second = failAt(probing, 1_000);
    expect(second).toEqual({ state: 'open', until: 3_000, pauseMs: 2_000 });
    const third = failAt(admit(second, 3_000).breaker, 3_000);
    expect(third).toEqual({ state: 'open', until: 6_000, pauseMs: 3_000 });
  });

  it('is not kept open by the ends of calls that began before', () => {
    const open = openAt(0);
    expect(failAt(open, 500)).toEqual(open);
    expect(settle(open, true, { at: 500, random: 0, limits })).toEqual(CLOSED);
  });

  it('spreads the returns of many banks', () => {
    const open = failAt({ state: 'closed', failures: 2 }, 0, 0.5);
    expect(open).toMatchObject({ until: 1_250 });
  });
});
