import { toTimestamp } from '../../http/wire.ts';
import type { Snapshot } from '../../store/reads.ts';

/** The newest block as its row in `head` tells it. */
export interface JournalHead {
  readonly bank: string;
  readonly block: number;
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
}

interface HeadRow {
  bank: string;
  block: bigint;
  seq: bigint;
  hash: Buffer;
  at: number;
}

export async function readHead(reads: Snapshot): Promise<JournalHead> {
  const [row] = await reads.rows<HeadRow>('select bank, block, seq, hash, at from head');
  if (row === undefined) throw new Error('the head row is missing');
  const { bank, block, seq, hash, at } = row;
  return {
    bank,
    block: Number(block),
    seq: Number(seq),
    hash: hash.toString('hex'),
    at: toTimestamp(at),
  };
}

/** A block with its exact bytes. */
export interface JournalBlock {
  readonly block: number;
  readonly id: string;
  readonly previous: string;
  readonly hash: string;
  readonly at: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly body: Buffer;
}

interface BlockRow {
  id: string;
  previous: Buffer;
  hash: Buffer;
  at: number;
  first_seq: bigint;
  last_seq: bigint;
  body: Buffer;
}

export async function readBlock(reads: Snapshot, block: number): Promise<JournalBlock | undefined> {
  const [row] = await reads.rows<BlockRow>(
    'select id, previous, hash, at, first_seq, last_seq, body from block where block = $1',
    [block],
  );
  if (row === undefined) return undefined;
  return {
    block,
    id: row.id,
    previous: row.previous.toString('hex'),
    hash: row.hash.toString('hex'),
    at: toTimestamp(row.at),
    firstSeq: Number(row.first_seq),
    lastSeq: Number(row.last_seq),
    body: row.body,
  };
}
