import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  copyFileSync,
} from 'node:fs';

const fileBytesMax = 10 * 1024 * 1024;
const tailBytesMax = 8 * 1024;
const checkIntervalMs = 60_000;

/**
 * The file that PostgreSQL writes its log to, directly: it needs no reader, so it survives us and never blocks.
 * At most 10 MiB and the 10 MiB before those (`.1`), checked at the start and once a minute.
 */
export interface ServerLog {
  readonly path: string;
  /** Open for appending; PostgreSQL's stdout and stderr. */
  readonly descriptor: number;
  /** Where the log ends now, in bytes. */
  position(): number;
  /** What was written since `position`, the last 8 KiB of it. */
  tailSince(position: number): string;
  close(): void;
}

export function openServerLog(path: string, checkEveryMs = checkIntervalMs): ServerLog {
  if (sizeOf(path) > fileBytesMax) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, 'a+', 0o600);
  const timer = setInterval(() => turnOver(path, descriptor), checkEveryMs);
  timer.unref();
  let open = true;
  return {
    path,
    descriptor,
    position: () => fstatSync(descriptor).size,
    tailSince(position) {
      const end = fstatSync(descriptor).size;
      const start = Math.max(Math.min(position, end), end - tailBytesMax);
      const bytes = Buffer.alloc(end - start);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, start)).trim();
    },
    close() {
      clearInterval(timer);
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

/** PostgreSQL holds the file open for appending, so it is emptied in place; lines written meanwhile may be lost. */
function turnOver(path: string, descriptor: number): void {
  if (fstatSync(descriptor).size <= fileBytesMax) return;
  try {
    copyFileSync(path, `${path}.1`);
  } catch {
    // The disk is full or the file was moved: emptying it is all the more right.
  }
  ftruncateSync(descriptor);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
