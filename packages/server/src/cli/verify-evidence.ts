import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { JournalCheckpoint } from '@lastro/contract';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Checkpoint } from '../ledger/journal/index.ts';
import { publicKeyText } from '../store/public-key.ts';

const Checkpoints = Type.Union([
  JournalCheckpoint,
  Type.Array(JournalCheckpoint),
  Type.Object({ data: Type.Array(JournalCheckpoint) }),
]);

/** One checkpoint, a list of them or a page of the API; undefined when the file holds none of these. */
export async function readCheckpointFile(path: string): Promise<readonly Checkpoint[] | undefined> {
  const value = parse(await readFile(path, 'utf8'));
  if (!Value.Check(Checkpoints, value)) return undefined;
  if (Array.isArray(value)) return value;
  return 'data' in value ? value.data : [value];
}

/** A public key in PEM, or as checkpoints carry it; undefined when the file holds none. */
export async function readPublicKeyFile(path: string): Promise<string | undefined> {
  const text = (await readFile(path, 'utf8')).trim();
  if (/^[A-Za-z0-9_-]{43}$/.test(text)) return text;
  try {
    return publicKeyText(createPublicKey(text));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
