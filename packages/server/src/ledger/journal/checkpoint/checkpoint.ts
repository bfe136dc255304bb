import { sign, verify, type KeyObject } from 'node:crypto';
import { publicKeyOf } from '../../../store/public-key.ts';

/** A place in the journal that whoever holds the key has sworn to. */
export interface CheckpointClaim {
  readonly bank: string;
  readonly block: number;
  /** Of the block's last event. */
  readonly seq: number;
  /** Of the block, 64 hexadecimal digits. */
  readonly hash: string;
  /** The block's time, RFC 3339 with milliseconds, UTC. */
  readonly at: string;
}

export interface Checkpoint extends CheckpointClaim {
  /** 32 bytes in base64url without padding, as `x` of a JWK (RFC 8037). */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032) over `checkpointText`: 64 bytes in base64url without padding. */
  readonly signature: string;
}

const TITLE = 'lastro checkpoint 1';

/** The text that is signed, as docs/reference/journal.md gives it: six lines, each ended by a line feed. */
export function checkpointText({ bank, block, seq, hash, at }: CheckpointClaim): string {
  return [TITLE, bank, block, seq, hash, at].map((line) => `${line}\n`).join('');
}

/** A key pair that signs checkpoints. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

export function signCheckpoint(claim: CheckpointClaim, key: SigningKey): Checkpoint {
  const { bank, block, seq, hash, at } = claim;
  const text = Buffer.from(checkpointText(claim), 'utf8');
  const signature = sign(null, text, key.privateKey).toString('base64url');
  return { bank, block, seq, hash, at, publicKey: key.publicKey, signature };
}

/** Whether the signature is that of the checkpoint's own public key. */
export function isSigned(checkpoint: Checkpoint): boolean {
  const key = publicKeyOf(checkpoint.publicKey);
  // What is no key signs nothing.
  if (key === undefined) return false;
  const text = Buffer.from(checkpointText(checkpoint), 'utf8');
  return verify(null, text, key, Buffer.from(checkpoint.signature, 'base64url'));
}
