import type { Metadata } from './metadata.ts';

/** One debit account, one credit account, one amount, one asset. Immutable once posted. */
export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly asset: string;
  readonly metadata: Metadata;
}

/** A transfer as the ledger keeps it: with its place in the order and the balances after it. */
export interface PostedTransfer extends Transfer {
  readonly seq: number;
  /** Its place within the event: 0 for a single transfer. */
  readonly leg: number;
  /** The transaction or order that it is part of; null: it stands alone. */
  readonly transaction: string | null;
  readonly at: number;
  readonly fromBalance: bigint;
  readonly toBalance: bigint;
}
