import type { Period } from '../../http/period.ts';
import type { Snapshot } from '../../store/reads.ts';
import type { NumberRange } from './spans.ts';

/** The events booked in a period, by the times of their blocks: two reads of an index. */
export async function readBookedRange(reads: Snapshot, { from, to }: Period): Promise<NumberRange> {
  const [low, high] = await Promise.all([
    from === null ? 0 : readFirstBookedFrom(reads, from),
    to === null ? Number.MAX_SAFE_INTEGER : readFirstBookedFrom(reads, to),
  ]);
  return { low, high };
}

/** The first event booked at a moment or later; past every number while there is none. */
async function readFirstBookedFrom(reads: Snapshot, moment: number): Promise<number> {
  const [row] = await reads.rows<{ seq: bigint }>(
    `select first_seq as seq from block
      where at >= to_timestamp($1::bigint / 1000.0) order by at, block limit 1`,
    [moment],
  );
  return row === undefined ? Number.MAX_SAFE_INTEGER : Number(row.seq);
}
