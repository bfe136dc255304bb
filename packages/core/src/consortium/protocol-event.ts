import type { Refusal } from '../refusal.ts';
import type { CrossBankDecision } from './cross-bank-decision.ts';
import type { HashedBody, Message } from './message.ts';

/** What happens to one transaction at one bank. `now` is the block's time. */
export type ProtocolEvent =
  /** A client of this bank wants it. The signature is of this bank's own yes. */
  | ({ readonly type: 'begin'; readonly now: number; readonly signature: string } & HashedBody)
  /** A peer said something. The signature is of this bank's own yes, in case it will be one. */
  | {
      readonly type: 'message';
      readonly now: number;
      readonly from: string;
      readonly message: Message;
      readonly signature: string;
    }
  /** The ledger's verdict on the effect `hold`, within the same block. */
  | { readonly type: 'held'; readonly now: number }
  | { readonly type: 'not_held'; readonly now: number; readonly refusal: Refusal | 'funds_held' }
  /** What stands in the register, whether this bank wrote it or not. */
  | {
      readonly type: 'register.stands';
      readonly now: number;
      readonly generation: string;
      readonly decision: CrossBankDecision;
    }
  /** Nothing stands there: which is no decision. */
  | { readonly type: 'register.empty'; readonly now: number }
  | { readonly type: 'register.away'; readonly now: number }
  | { readonly type: 'register.below_floor'; readonly now: number }
  /** The time of the last effect `wake` has come, or the process has started again. */
  | { readonly type: 'wake'; readonly now: number };
