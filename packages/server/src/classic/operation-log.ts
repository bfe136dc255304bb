import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/** One line for each operation of a classic server, as its operators know it. */
export interface OperationLog {
  /** `caller`: who asked, as the surface names it. */
  write(caller: string, operation: string, parameters: readonly string[]): void;
  /** Resolves when all of it is in the file. */
  close(): Promise<void>;
}

export interface OperationLogParts {
  readonly file: string;
  readonly now: () => Date;
  /** The disk is full, say; the operations themselves go on. */
  readonly onError: (error: Error) => void;
  /** A file past this size is set aside. */
  readonly sizeMax?: '10M' | '1K';
}

const FILES_KEPT = 5;

/** Lines that may wait for a slow disk, in bytes; beyond that lines are dropped rather than memory. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

/** After a failure of the disk: how long no line is tried. */
const REST_MS = 5_000;

const TAIL_BYTES = 4_096;
const WORD_LENGTH_MAX = 100;

/**
 * Opens a log that goes on after the number of its last line:
 * `MM/DD/YYYY HH:MM:SS, OPERATION_NUMBER, ID, OPERATION, PARAMETERS…`, in the machine's time zone. A
 * line that could not be written leaves a gap in the numbers.
 */
export async function openOperationLog(parts: OperationLogParts): Promise<OperationLog> {
  const { now, onError, sizeMax = '10M' } = parts;
  const path = resolve(parts.file);
  const last = await readLast(path);
  let { number } = last;
  let restUntil = -Infinity;
  let stream: RotatingFileStream | undefined;
  const openStream = () => {
    const opened = createStream(basename(path), {
      path: dirname(path),
      size: sizeMax,
      maxFiles: FILES_KEPT,
      mode: 0o600,
    });
    opened.on('error', (error) => {
      // What failed once is never usable again.
      if (stream !== opened) return;
      stream = undefined;
      restUntil = now().getTime() + REST_MS;
      onError(error);
    });
    return opened;
  };
  stream = openStream();
  // Of a process that was killed while it wrote.
  if (last.isTorn) stream.write('\n');
  return {
    write(caller, operation, parameters) {
      number += 1;
      const at = now();
      if (stream === undefined && at.getTime() < restUntil) return;
      stream ??= openStream();
      if (stream.writableLength > WAITING_BYTES_MAX) return;
      const words = [
        timeText(at),
        String(number),
        ...[caller, operation, ...parameters].map(plain),
      ];
      stream.write(`${words.join(', ')}\n`);
    },
    close: () =>
      new Promise((done) => {
        if (stream === undefined) done();
        else stream.end(() => done());
      }),
  };
}

interface Last {
  /** In the last whole line; 0 when there is none. */
  readonly number: number;
  /** Whether the file ends within a line. */
  readonly isTorn: boolean;
}

/** Looks into the files that were set aside where the file itself has no line yet. */
async function readLast(path: string): Promise<Last> {
  const tail = await readTail(path);
  const isTorn = tail !== '' && !tail.endsWith('\n');
  const number = lastNumberIn(tail);
  if (number !== undefined) return { number, isTorn };
  const aside = await Promise.all((await filesAside(path)).map(readTail));
  // Their names don't tell their order: those of one minute are used again.
  return { number: Math.max(0, ...aside.map((text) => lastNumberIn(text) ?? 0)), isTorn };
}

/** They are called `YYYYMMDD-HHmm-NN-<name>`. */
async function filesAside(path: string): Promise<string[]> {
  try {
    const names = await readdir(dirname(path));
    const ending = `-${basename(path)}`;
    return names.filter((name) => name.endsWith(ending)).map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}

function lastNumberIn(tail: string): number | undefined {
  const whole = tail.split('\n').slice(0, -1).toReversed();
  for (const line of whole) {
    const text = /^[\d/]{10} [\d:]{8}, (\d{1,15}), /.exec(line)?.[1];
    if (text !== undefined) return Number(text);
  }
  return undefined;
}

/** The end of the file; empty when there is none. */
async function readTail(path: string): Promise<string> {
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

/** What a caller says can't begin a line or a field of its own. */
function plain(word: string): string {
  return word.slice(0, WORD_LENGTH_MAX).replaceAll(/[^\x20-\x7e]|,/g, '_');
}

function timeText(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [two(time.getMonth() + 1), two(time.getDate()), time.getFullYear()].join('/');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
