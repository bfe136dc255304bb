import type { CrossBankDecision } from './cross-bank-decision.ts';
import type { LocalTransfer } from './local-transfers.ts';
import type { Message } from './message.ts';
import type { TransactionState } from './protocol-state.ts';
import type { NoReason, Objection } from './vote.ts';

/**
 * What belongs into the block that makes the new durable state stand, all or nothing. The holds
 * belong to the transaction: nobody else ends them, and they don't expire.
 */
export type LedgerEffect =
  /** Place these, all or none, and hand the verdict to the next step within the same block. */
  | { readonly type: 'hold'; readonly transfers: readonly LocalTransfer[] }
  /** Post what is held. Can't fail: freeze, lease, period and bounds are passed over. */
  | { readonly type: 'capture' }
  /** Give back what is held, consents included. */
  | { readonly type: 'release' }
  /** Post without a hold, below a limit if need be, and flag it: the promise was forgotten. */
  | { readonly type: 'post'; readonly transfers: readonly LocalTransfer[] };

/** What the operator must hear of. */
export type Alarm =
  /** A commit without every yes: not obeyed, holds stay. */
  | 'incomplete_commit'
  /** Another body under the same id: not obeyed. */
  | 'other_hash'
  /** A decision against the one that was applied here. */
  | 'contradiction'
  /** Undecided here, though its decision was removed as applied by all: older than every backup. */
  | 'below_floor'
  /** A commit was written without holds. */
  | 'rebuilt'
  /** A message from a bank that has no say in it. */
  | 'not_a_participant';

/** What the client of the coordinator is told. */
export type Answer =
  | { readonly is: 'committed' }
  /** Empty: time ran out. */
  | { readonly is: 'aborted'; readonly because: readonly Objection[] }
  /** Nothing was begun. */
  | { readonly is: 'refused'; readonly reason: NoReason };

/** What leaves the bank, and only after the block stands. Losing any of it loses no truth. */
export type OutwardEffect =
  | { readonly type: 'send'; readonly to: string; readonly message: Message }
  /** Create if absent, under this generation only; answered by what stands. */
  | {
      readonly type: 'register.create';
      readonly generation: string;
      readonly decision: CrossBankDecision;
    }
  | { readonly type: 'register.read'; readonly generation: string }
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'alarm'; readonly alarm: Alarm }
  | Wake;

/** Hand in `wake` at this time, plus a random part of `jitterMs`; replaces an earlier one. */
export interface Wake {
  readonly type: 'wake';
  readonly at: number;
  readonly jitterMs: number;
}

export type Effect = LedgerEffect | OutwardEffect;

export interface Step {
  readonly state: TransactionState;
  readonly effects: readonly Effect[];
}

/** Whether it belongs into the block. */
export function isLedgerEffect(effect: Effect): effect is LedgerEffect {
  return ['hold', 'capture', 'release', 'post'].includes(effect.type);
}
