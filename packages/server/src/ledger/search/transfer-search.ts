import type { Period } from '../../http/period.ts';
import type { Snapshot } from '../../store/reads.ts';
import { readTransfers, type EntryPlace } from '../queries.ts';
import { readTransfersOfAccount } from './account-transfers.ts';
import { readTransfersOfAmount } from './amount-transfers.ts';
import { readBookedRange } from './booked-range.ts';
import { readTransfersWithMetadata } from './metadata-transfers.ts';
import type { NumberRange } from './spans.ts';
import {
  pageOf,
  type SearchRange,
  type TransferFilter,
  type TransferPage,
} from './transfer-page.ts';

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
  const rest = { low, before: place };
  if (metadata !== null) return readTransfersWithMetadata(reads, metadata, amounts, rest, limit);
  if (amounts !== null) return readTransfersOfAmount(reads, amounts, rest, limit);
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
