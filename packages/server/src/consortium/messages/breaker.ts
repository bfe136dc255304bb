/**
 * Whether a peer is asked at all: after a few failures in a row it is left alone for a while, then one
 * call is its probe. Pure; times are milliseconds on any one clock.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly until: number; readonly pauseMs: number }
  /** One probe is under way. */
  | { readonly state: 'half_open'; readonly pauseMs: number };

export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  readonly pauseFirstMs: number;
  readonly pauseLongestMs: number;
}

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** Whether a call may go out now, and what becomes of the breaker then. */
export function admit(
  breaker: Breaker,
  at: number,
): { readonly isAdmitted: boolean; readonly breaker: Breaker } {
  switch (breaker.state) {
    case 'closed':
      return { isAdmitted: true, breaker };
    case 'half_open':
      return { isAdmitted: false, breaker };
    case 'open':
      if (at < breaker.until) return { isAdmitted: false, breaker };
      return { isAdmitted: true, breaker: { state: 'half_open', pauseMs: breaker.pauseMs } };
  }
}

/**
 * What an admitted call's end makes of it. Calls that began before it opened may end later: their
 * failures don't prolong the pause, and any answer closes it.
 * @param random in [0, 1): pauses get up to half longer, so that banks don't come back all at once
 */
export function settle(
  breaker: Breaker,
  hasAnswered: boolean,
  {
    at,
    random,
    limits,
  }: { readonly at: number; readonly random: number; readonly limits: BreakerLimits },
): Breaker {
  if (hasAnswered) return CLOSED;
  switch (breaker.state) {
    case 'open':
      return breaker;
    case 'closed': {
      const failures = breaker.failures + 1;
      if (failures < limits.failuresMax) return { state: 'closed', failures };
      return openFor(limits.pauseFirstMs, at, random);
    }
    case 'half_open':
      return openFor(Math.min(breaker.pauseMs * 2, limits.pauseLongestMs), at, random);
  }
}

function openFor(pauseMs: number, at: number, random: number): Breaker {
  return { state: 'open', until: at + pauseMs * (1 + random / 2), pauseMs };
}
