import { decodeEvent, type Event } from '@lastro/core';
import type { Snapshot } from './reads.ts';

export interface RecordedEvent {
  readonly event: Event;
  readonly block: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const BLOCK_OF_SEQ = `select block, first_seq, at, body
  from block where first_seq <= $1 order by first_seq desc limit 1`;

/** The event of a number, from the bytes of its block; undefined past the newest. */
export async function readEvent(reads: Snapshot, seq: number): Promise<RecordedEvent | undefined> {
  const [row] = await reads.rows<{ block: bigint; first_seq: bigint; at: number; body: Buffer }>(
    BLOCK_OF_SEQ,
    [seq],
  );
  if (row === undefined) return undefined;
  const line = eventLine(row.body, Number(row.first_seq), seq);
  if (line === undefined) return undefined;
  return { event: decodeEvent(line), block: Number(row.block), at: row.at };
}

/** The line of an event in the bytes of its block; undefined where there is none. */
export function eventLine(body: Buffer, firstSeq: number, seq: number): string | undefined {
  // The first line is the header.
  const line = body.toString('utf8').split('\n')[seq - firstSeq + 1];
  return line === '' ? undefined : line;
}
