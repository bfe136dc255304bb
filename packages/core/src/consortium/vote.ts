import type { Refusal } from '../refusal.ts';
import type { TransactionFault } from './cross-bank-transaction.ts';

/** A bank's promise for one body: signed over the transaction's id and the body's hash. */
export interface Yes {
  readonly bank: string;
  /** Made and verified outside. */
  readonly signature: string;
}

/** Why a bank takes no part. */
export type NoReason =
  /** The posted balance would do, but holds stand in the way: worth trying again. */
  | { readonly code: 'funds_held' }
  /** The ledger's own refusal. */
  | { readonly code: 'refused'; readonly refusal: Refusal }
  | { readonly code: 'malformed'; readonly fault: TransactionFault }
  /** The id was used for another body. */
  | { readonly code: 'id_reused' }
  | { readonly code: 'decide_by_too_far' }
  | { readonly code: 'too_late' }
  | { readonly code: 'other_generation' }
  | { readonly code: 'register_away' }
  /** Decided and forgotten long ago. */
  | { readonly code: 'below_floor' }
  /** Restored from an old copy, and hasn't heard yet from every peer what it forgot. */
  | { readonly code: 'reconciling' };

export type Vote =
  | { readonly is: 'yes'; readonly signature: string }
  | { readonly is: 'no'; readonly reason: NoReason };

/** A no, and whose. */
export interface Objection {
  readonly bank: string;
  readonly reason: NoReason;
}
