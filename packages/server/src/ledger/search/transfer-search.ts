import type { Period } from '../../http/period.ts';
import type { Snapshot } from '../../store/reads.ts';
import { readTransfers, type EntryPlace, type PlacedTransfer } from '../queries.ts';
import { readTransfersOfAccount } from './account-transfers.ts';
import { readBookedRange } from './booked-range.ts';
import { readTransfersInSpans } from './span-transfers.ts';
import type { NumberRange } from './spans.ts';

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

/**
 * One page of what a filter finds, newest first. What one page reads is bounded whatever the filter
 * finds, so a page may have fewer than `limit`, even none, and yet go on. Transfers stay and are only
 * added above, so pages neither repeat nor skip.
 */
export async function searchTransfers(
  reads: Snapshot,
  filter: TransferFilter,
  period: Period,
  before: EntryPlace | undefined,
  limit: number,
): Promise<TransferPage> {
  const range = rangeBelow(await readBookedRange(reads, period), before);
  const { account, amounts, metadata } = filter;
  if (account !== null) return readTransfersOfAccount(reads, account, filter, range, limit);
  const { low, before: place } = await upToHead(reads, range);
  if (amounts !== null || metadata !== null) {
    return readTransfersInSpans(reads, filter, { low, before: place }, limit);
  }
  return pageOf(await readTransfers(reads, low, place, limit + 1), limit, null);
}

function rangeBelow({ low, high }: NumberRange, before: EntryPlace | undefined): SearchRange {
  return {
    low,
    before: before === undefined || before.seq >= high ? { seq: high, leg: 0 } : before,
  };
}

/** What lies beyond the newest event needs no look. */
async function upToHead(reads: Snapshot, range: SearchRange): Promise<SearchRange> {
  const [head] = await reads.rows<{ seq: bigint }>('select seq from head');
  const end = Number(head?.seq ?? 0n) + 1;
  return range.before.seq < end ? range : { ...range, before: { seq: end, leg: 0 } };
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
