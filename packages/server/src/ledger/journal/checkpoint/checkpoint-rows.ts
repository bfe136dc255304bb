import { toTimestamp } from '../../../http/wire.ts';
import type { Snapshot } from '../../../store/reads.ts';
import type { Checkpoint } from './checkpoint.ts';

interface CheckpointRow {
  block: bigint;
  seq: bigint;
  hash: Buffer;
  at: number;
  bank: string;
  public_key: Buffer;
  signature: Buffer;
}

const COLUMNS = 'block, seq, hash, at, bank, public_key, signature';

function toCheckpoint(row: CheckpointRow): Checkpoint {
  return {
    bank: row.bank,
    block: Number(row.block),
    seq: Number(row.seq),
    hash: row.hash.toString('hex'),
    at: toTimestamp(row.at),
    publicKey: row.public_key.toString('base64url'),
    signature: row.signature.toString('base64url'),
  };
}

/** A place in the list of checkpoints, which several processes may have signed with keys of their own. */
export interface CheckpointPlace {
  readonly block: number;
  readonly publicKey: string;
}

/** Checkpoints, newest first, before the given place. */
export async function readCheckpoints(
  reads: Snapshot,
  before: CheckpointPlace | undefined,
  limit: number,
): Promise<Checkpoint[]> {
  const place = before ?? { block: Number.MAX_SAFE_INTEGER, publicKey: '' };
  const rows = await reads.rows<CheckpointRow>(
    `select ${COLUMNS} from checkpoint where (block, public_key) < ($1, $2)
      order by block desc, public_key desc limit $3`,
    [place.block, Buffer.from(place.publicKey, 'base64url'), limit],
  );
  return rows.map(toCheckpoint);
}

/** The newest checkpoint of one key. */
export async function readNewestCheckpoint(
  reads: Snapshot,
  publicKey: string,
): Promise<Checkpoint | undefined> {
  const [row] = await reads.rows<CheckpointRow>(
    `select ${COLUMNS} from checkpoint where public_key = $1 order by block desc limit 1`,
    [Buffer.from(publicKey, 'base64url')],
  );
  return row === undefined ? undefined : toCheckpoint(row);
}

/** Keeps a checkpoint; one that stands stays as it is. */
export async function insertCheckpoint(change: Snapshot, checkpoint: Checkpoint): Promise<void> {
  const { block, seq, hash, at, bank, publicKey, signature } = checkpoint;
  await change.rows(
    `insert into checkpoint (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict do nothing`,
    [
      block,
      seq,
      Buffer.from(hash, 'hex'),
      at,
      bank,
      Buffer.from(publicKey, 'base64url'),
      Buffer.from(signature, 'base64url'),
    ],
  );
}
