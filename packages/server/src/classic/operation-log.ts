import { open } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { createStream } from 'rotating-file-stream';

/** One line for each operation of a classic server, as its operators know it. */
export interface OperationLog {
  /** `caller`: who asked, as the surface names it. */
  write(caller: string, operation: string, parameters: readonly string[]): void;
  /** Resolves when all of it is in the file. */
  close(): Promise<void>;
}

/** A file past this size is set aside, and so many are kept beside it. */
const FILE_SIZE_MAX = '10M';
const FILES_KEPT = 5;

/** Lines that may wait for a slow disk, in bytes; beyond that lines are dropped rather than memory. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

const TAIL_BYTES = 4_096;
const CALLER_LENGTH_MAX = 100;

/**
 * Opens a log that goes on after the number of its last line:
 * `MM/DD/YYYY HH:MM:SS, OPERATION_NUMBER, ID, OPERATION, PARAMETERS…`, in the machine's time zone.
 * `onError`: the disk is full, say; the operations themselves go on.
 */
export async function openOperationLog(
  file: string,
  now: () => Date,
  onError: (error: Error) => void,
): Promise<OperationLog> {
  const path = resolve(file);
  let number = await lastNumber(path);
  const stream = createStream(basename(path), {
    path: dirname(path),
    size: FILE_SIZE_MAX,
    maxFiles: FILES_KEPT,
    mode: 0o600,
  });
  stream.on('error', onError);
  return {
    write(caller, operation, parameters) {
      number += 1;
      if (stream.writableLength > WAITING_BYTES_MAX) return;
      const words = [timeText(now()), String(number), plain(caller), operation, ...parameters];
      stream.write(`${words.join(', ')}\n`);
    },
    close: () =>
      new Promise((done) => {
        stream.end(done);
      }),
  };
}

/** The number in the last line of the file; 0 when there is none. */
async function lastNumber(path: string): Promise<number> {
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    return 0;
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8').trimEnd().split('\n');
    const number = Number(lines.at(-1)?.split(', ')[1]);
    return Number.isSafeInteger(number) ? number : 0;
  } finally {
    await file.close();
  }
}

/** What a caller says about itself can't begin a line or a field of its own. */
function plain(caller: string): string {
  return caller.slice(0, CALLER_LENGTH_MAX).replaceAll(/[^\x21-\x7e]|,/g, '_');
}

function timeText(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [two(time.getMonth() + 1), two(time.getDate()), time.getFullYear()].join('/');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
