import type { Snapshot } from '../../store/reads.ts';
import {
  toPlacedTransfer,
  TRANSFER_ACCOUNTS,
  TRANSFER_COLUMNS,
  type PlacedTransfer,
  type TransferRow,
} from '../queries.ts';
import { spanRuns } from './spans.ts';
import { pageOf, type AmountRange, type SearchRange, type TransferPage } from './transfer-page.ts';

/**
 * The newest transfers with some metadata of each of some spans, for a span is a path of its own in
 * the index. Its bounds are rows and not `seq` alone, so that the planner isn't tempted to the range
 * index over `seq`, which finds whole spans.
 */
const IN_SPANS = `select ${TRANSFER_COLUMNS}
  from (select t.* from generate_series($1::bigint, $2::bigint, -1) s (span)
         cross join lateral (
           select * from transfer t
            where t.metadata is not null
              and jsonb_set('{}'::jsonb, array[(t.seq >> 12)::text], t.metadata)
                  @> jsonb_set('{}'::jsonb, array[s.span::text], $7::jsonb)
              and t.amount >= $8 and t.amount <= $9
              and (t.seq, t.leg) < ($3, $4) and (t.seq, t.leg) >= ($5, 0)
            order by t.seq desc, t.leg desc limit $6) t
         order by t.seq desc, t.leg desc limit $6) t ${TRANSFER_ACCOUNTS}
 order by t.seq desc, t.leg desc`;

/** A page of the transfers that have these pairs of metadata, of some amounts or any. */
export async function readTransfersWithMetadata(
  reads: Snapshot,
  metadata: string,
  amounts: AmountRange | null,
  { low, before }: SearchRange,
  limit: number,
): Promise<TransferPage> {
  const found: PlacedTransfer[] = [];
  let place = before;
  for (const run of spanRuns({ low, high: before.leg > 0 ? before.seq + 1 : before.seq })) {
    const rows = await reads.rows<TransferRow>(IN_SPANS, [
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
