import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crashPoint } from '../crash-point.ts';
import { syncFolder } from '../embedded/write-file-durably.ts';
import { systemErrorCode } from '../embedded/system-error.ts';

const AT_ONCE = 1024 * 1024;

/**
 * Writes a file (mode 0600) aside, as `<path>.<random>.part`; it takes its name, and the place of one
 * that stands there, only once it is whole and on the disk. Rejects with an error of the file system,
 * with what `bytes` throws, or with the signal's reason; then nothing is left of it.
 */
export async function writeBackupFile(
  path: string,
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    // Names, metadata and hashes of keys are in it: for its owner alone.
    const stream = createWriteStream(part, { flags: 'wx', mode: 0o600, highWaterMark: AT_ONCE });
    await pipeline(bytes, stream, { signal });
    await syncFile(part);
    crashPoint('backup-before-rename');
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The bytes of a file, and how many were read so far. */
export function readBackupFile(
  path: string,
  onRead: (bytes: number) => void,
): AsyncIterable<Buffer> {
  return counted(createReadStream(path, { highWaterMark: AT_ONCE }), onRead);
}

/** The bytes of any stream that gives buffers, and how many were read so far. */
export async function* counted(
  source: AsyncIterable<unknown>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    if (!(chunk instanceof Buffer)) throw new TypeError('a stream of bytes gives buffers');
    bytes += chunk.length;
    onRead(bytes);
    yield chunk;
  }
}

/** What stands at this path; `other`: something that a backup's file must not take the place of. */
export async function kindOfFile(path: string): Promise<'file' | 'absent' | 'other'> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
}
