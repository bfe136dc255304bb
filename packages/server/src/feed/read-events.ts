import type { EventAnswer } from '@lastro/contract';
import { decodeBlock, encodeData, parseJson, type Event } from '@lastro/core';
import { toTimestamp } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';

interface BlockRow {
  block: bigint;
  at: number;
  body: Buffer;
}

/** One block has at least one event, so as many blocks as events always suffice. */
const BLOCKS = `select block, at, body from block
  where last_seq > $1 order by block limit $2`;

const BLOCKS_AT_ONCE = 50;

/** The events after `seq`, in their order, at most `limit`. */
export async function readEvents(
  reads: Snapshot,
  seq: number,
  limit: number,
): Promise<EventAnswer[]> {
  const events: EventAnswer[] = [];
  let after = seq;
  while (events.length < limit) {
    const rows = await reads.rows<BlockRow>(BLOCKS, [after, BLOCKS_AT_ONCE]);
    if (rows.length === 0) break;
    for (const row of rows) {
      for (const event of decodeBlock(row.body.toString('utf8')).events) {
        if (event.seq <= after || events.length >= limit) continue;
        events.push(present(event, row));
        after = event.seq;
      }
      if (events.length >= limit) break;
    }
  }
  return events;
}

function present({ seq, fact }: Event, { block, at }: BlockRow): EventAnswer {
  const data = parseJson(encodeData(fact));
  if (typeof data !== 'object' || data === null) throw new Error(`event ${seq} is no object`);
  return { seq, block: Number(block), type: fact.type, at: toTimestamp(at), data: { ...data } };
}
