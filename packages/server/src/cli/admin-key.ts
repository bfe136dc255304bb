import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFileOnce } from '../store/create-file-once.ts';
import { CliError, exitCode } from './exit-code.ts';
import type { Texts } from './texts.ts';

/** 192 random bits, as the keys of the API have. */
const keyBytes = 24;

export function adminKeyFile(dataFolder: string): string {
  return join(dataFolder, 'admin-key');
}

/**
 * The admin key in `path`; makes the file (mode 0600) when there is none. Several processes may do so at
 * once: the first one's key stands. Rejects with an error of the file system or a `CliError`.
 */
export async function ensureAdminKey(path: string, texts: Texts): Promise<string> {
  // First of all: where it can't be, the complaint names the folder.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const found = await readAdminKey(path, texts);
  if (found !== undefined) return found;
  await createFileOnce(path, `lastro_${randomBytes(keyBytes).toString('base64url')}\n`);
  const made = await readAdminKey(path, texts);
  if (made === undefined) throw new CliError(exitCode.failed, texts.badKeyFile(path));
  return made;
}

/** The key in `path`; undefined when there is no such file. */
export async function readAdminKey(path: string, texts: Texts): Promise<string | undefined> {
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const key = text.trim();
  if (!/^[\x21-\x7e]{32,256}$/.test(key))
    throw new CliError(exitCode.failed, texts.badKeyFile(path));
  return key;
}
