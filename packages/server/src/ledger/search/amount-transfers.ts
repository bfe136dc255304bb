import type { Snapshot } from '../../store/reads.ts';
import {
  toPlacedTransfer,
  TRANSFER_ACCOUNTS,
  TRANSFER_COLUMNS,
  type PlacedTransfer,
  type TransferRow,
} from '../queries.ts';
import { pageOf, type AmountRange, type SearchRange, type TransferPage } from './transfer-page.ts';

/** How many events the first window covers, and by how much each further one grows. */
const WINDOW_FIRST = 1_024;
const WINDOW_GROWTH = 4;
const WINDOW_MAX = 16_384;

/** How many events one page looks into. Amounts have no index: what it looks into it reads. */
const LOOKED_INTO_MAX = 65_536;

const IN_WINDOW = `select ${TRANSFER_COLUMNS}
  from (select * from transfer t
         where t.seq >= $1 and t.seq <= $2 and (t.seq, t.leg) < ($2, $3)
           and t.amount >= $4 and t.amount <= $5
         order by t.seq desc, t.leg desc limit $6) t ${TRANSFER_ACCOUNTS}
 order by t.seq desc, t.leg desc`;

/** A page of the transfers of some amounts: windows of events, which the range index finds. */
export async function readTransfersOfAmount(
  reads: Snapshot,
  amounts: AmountRange,
  { low, before }: SearchRange,
  limit: number,
): Promise<TransferPage> {
  const found: PlacedTransfer[] = [];
  const end = Math.max(low, before.seq - LOOKED_INTO_MAX);
  let place = before;
  let size = WINDOW_FIRST;
  while ((place.seq > end || place.leg > 0) && found.length <= limit) {
    const start = Math.max(end, place.seq - size);
    const rows = await reads.rows<TransferRow>(IN_WINDOW, [
      start,
      place.seq,
      place.leg,
      amounts.low,
      amounts.high,
      limit + 1 - found.length,
    ]);
    found.push(...rows.map(toPlacedTransfer));
    place = { seq: start, leg: 0 };
    size = Math.min(WINDOW_MAX, size * WINDOW_GROWTH);
  }
  return pageOf(found, limit, place.seq > low ? place : null);
}
