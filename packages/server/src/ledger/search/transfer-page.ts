import type { EntryPlace, PlacedTransfer } from '../queries.ts';

/** What a transfer must be, all of it. */
export interface TransferFilter {
  /** One of its two sides; null: any. */
  readonly account: string | null;
  readonly amounts: AmountRange | null;
  /** Pairs that its metadata has, as JSON text. */
  readonly metadata: string | null;
}

/** Both ends included. */
export interface AmountRange {
  readonly low: number;
  readonly high: number;
}

/** The part of the bank's order that a page still has to look into: below `before`, from `low` on. */
export interface SearchRange {
  readonly low: number;
  readonly before: EntryPlace;
}

export interface TransferPage {
  readonly found: readonly PlacedTransfer[];
  /** Where the next page goes on, below this place; null: all was looked into. */
  readonly next: EntryPlace | null;
}

/** A page of what was read one beyond `limit`, or else goes on at `rest`. */
export function pageOf(
  rows: readonly PlacedTransfer[],
  limit: number,
  rest: EntryPlace | null,
): TransferPage {
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  const next = rows.length > limit && last !== undefined ? { seq: last.seq, leg: last.leg } : rest;
  return { found, next };
}
