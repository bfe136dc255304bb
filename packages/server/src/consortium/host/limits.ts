import type { consortium } from '@lastro/core';
import type { LaneLimits } from './peer-lane.ts';

/** Bounds of what one bank has in hand with the others; each in its unit. */
export interface HostLimits {
  readonly settings: consortium.ProtocolSettings;
  readonly lane: LaneLimits;
  /** Transactions in hand. */
  readonly openMax: number;
  /** Events that wait for one transaction. */
  readonly eventsMax: number;
  /** Transactions that are taken up at once after a start. */
  readonly takeUpMax: number;
  /** Before a transaction is looked at again whose step failed. */
  readonly failurePauseMs: number;
  /** How long a request of a peer waits for what answers it; later answers go by the lane. */
  readonly answerWithinMs: number;
  /** How long a client waits past `withinMs` for what the register says. */
  readonly patienceMs: number;
  /** How long the banks have to agree on what waited for one of them. */
  readonly queuedAgreeMs: number;
  /** What waits for a peer to come back, in one process. */
  readonly queuedMax: number;
  /** Between two looks for what waits and nobody here has in hand. */
  readonly queueLookMs: number;
  /** Between two looks at a register that is there; shorter while it is away. */
  readonly registerLookMs: number;
  readonly registerAwayLookMs: number;
  /** Between two tries to hear what this bank forgot. */
  readonly reconcileAgainMs: number;
  /** How far before the last agreement with a peer everything is asked for again: clocks differ. */
  readonly reconcileSlackMs: number;
  /** Between two searches for what nobody has in hand, and for decisions to remove. */
  readonly sweepEveryMs: number;
  readonly removeEveryMs: number;
}

const DAY_MS = 86_400_000;

export const HOST_LIMITS: HostLimits = {
  settings: {
    decideByAheadMaxMs: 10 * 60_000,
    graceMs: 2_000,
    askMs: 1_000,
    resendMs: 3_000,
    resendMaxMs: 30_000,
    heldRetryMs: 200,
    removalAfterMs: 35 * DAY_MS,
  },
  lane: {
    queueMessagesMax: 20_000,
    queueBytesMax: 64 * 1024 * 1024,
    requestsMax: 2,
    requestTimeoutMs: 8_000,
  },
  openMax: 50_000,
  eventsMax: 1_000,
  takeUpMax: 500,
  failurePauseMs: 500,
  answerWithinMs: 5_000,
  patienceMs: 2_000,
  queuedAgreeMs: 30_000,
  queuedMax: 1_000,
  queueLookMs: 10_000,
  registerLookMs: 5_000,
  registerAwayLookMs: 500,
  reconcileAgainMs: 1_000,
  reconcileSlackMs: DAY_MS,
  sweepEveryMs: 60_000,
  removeEveryMs: 3_600_000,
};
