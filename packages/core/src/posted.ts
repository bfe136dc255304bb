import type { Transfer } from './transfer.ts';

/** What a transfer belongs to: it is corrected only as a whole. */
export interface PartOf {
  readonly owner: 'order' | 'transaction' | 'hold' | 'crossbank';
  readonly id: string;
}

/** A posted transfer as a correction sees it. */
export interface Correctable {
  readonly transfer: Transfer;
  /** What was moved back so far. */
  readonly reversed: bigint;
  /** null: it stands alone. */
  readonly partOf: PartOf | null;
}

/** The transfers that were posted as one, in their order. */
export interface PostedGroup {
  /** What it is corrected with, or that it is corrected by nobody here; null: it is by itself. */
  readonly partOf: PartOf | null;
  readonly transfers: readonly Transfer[];
  readonly isReversed: boolean;
}

/** A transfer that moved all or part of an earlier one back. */
export interface Reversal {
  readonly seq: number;
  readonly leg: number;
  /** The earlier transfer. */
  readonly reverses: string;
  readonly transfer: string;
  readonly amount: bigint;
}
