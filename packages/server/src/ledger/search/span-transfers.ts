import type { Snapshot } from '../../store/reads.ts';
import {
  toPlacedTransfer,
  TRANSFER_ACCOUNTS,
  TRANSFER_COLUMNS,
  type PlacedTransfer,
  type TransferRow,
} from '../queries.ts';
import {
  pageOf,
  type SearchRange,
  type TransferFilter,
  type TransferPage,
} from './transfer-search.ts';
import { spanRuns } from './spans.ts';

/** By the index over metadata: each span is a path of its own in it. */
const BY_METADATA = `t.metadata is not null
  and jsonb_set('{}'::jsonb, array[(t.seq >> 12)::text], t.metadata)
      @> jsonb_set('{}'::jsonb, array[s.span::text], $7::jsonb)
  and t.amount >= $8 and t.amount <= $9`;

/** By the index over amounts; the seventh parameter is null. */
const BY_AMOUNT = `(t.seq >> 12) = s.span and t.amount >= $8 and t.amount <= $9 and $7::jsonb is null`;

/**
 * The newest transfers of each of some spans. As rows, not as `seq` alone, the bounds don't tempt
 * the planner to the range index over `seq`, which finds a whole span.
 */
export function spanStatement(condition: string): string {
  return `select ${TRANSFER_COLUMNS}
    from generate_series($1::bigint, $2::bigint, -1) s (span)
   cross join lateral (
     select * from transfer t
      where ${condition} and (t.seq, t.leg) < ($3, $4) and (t.seq, t.leg) >= ($5, 0)
      order by t.seq desc, t.leg desc limit $6) t
    ${TRANSFER_ACCOUNTS}
   order by t.seq desc, t.leg desc limit $6`;
}

/** A page of what has these amounts and metadata, by the index over the rarer of the two. */
export async function readTransfersInSpans(
  reads: Snapshot,
  { amounts, metadata }: Pick<TransferFilter, 'amounts' | 'metadata'>,
  { low, before }: SearchRange,
  limit: number,
): Promise<TransferPage> {
  const text = spanStatement(metadata === null ? BY_AMOUNT : BY_METADATA);
  const found: PlacedTransfer[] = [];
  let place = before;
  for (const run of spanRuns({ low, high: before.leg > 0 ? before.seq + 1 : before.seq })) {
    const rows = await reads.rows<TransferRow>(text, [
      run.firstSpan,
      run.lastSpan,
      place.seq,
      place.leg,
      run.low,
      limit + 1 - found.length,
      metadata,
      amounts?.low ?? 0,
      amounts?.high ?? Number.MAX_SAFE_INTEGER,
    ]);
    found.push(...rows.map(toPlacedTransfer));
    place = { seq: run.low, leg: 0 };
    if (found.length > limit) break;
  }
  return pageOf(found, limit, place.seq > low ? place : null);
}
