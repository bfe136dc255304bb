import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { BackupError } from './backup-error.ts';
import {
  checkTitle,
  parseHeader,
  PIECE_BYTES_MAX,
  TRAILER_BYTES,
  trailerLine,
  type BackupHeader,
} from './backup-format.ts';
import { ByteReader } from './byte-reader.ts';

/** A backup of which the header was read. */
export interface OpenedBackup {
  readonly header: BackupHeader;
  /**
   * Gives each table's rows to `take`, in the header's order, as COPY's text format; `take` must read
   * them to their end and answer how many rows there were. Resolves to the rows of each table once
   * the whole file was read and is what its last line swears to; rejects with `BackupError` if not.
   */
  readTables(take: TakeTable): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

export type TakeTable = (
  table: BackupHeader['tables'][number],
  rows: AsyncIterable<Buffer>,
) => Promise<number>;

const DECOMPRESSED_AT_ONCE = 256 * 1024;

/** Reads a backup's header from its bytes. Rejects with `BackupError`. */
export async function openBackup(source: AsyncIterable<Buffer>): Promise<OpenedBackup> {
  const reader = new ByteReader(swornBytes(source));
  try {
    checkTitle(await reader.line().catch(asNoBackup));
    const header = parseHeader(await reader.line());
    return {
      header,
      readTables: (take) => readTables(reader, header, take),
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Reads all of it and compares it with its last line; its header. Rejects with `BackupError`. */
export async function checkBackup(source: AsyncIterable<Buffer>): Promise<BackupHeader> {
  const reader = new ByteReader(swornBytes(source));
  try {
    checkTitle(await reader.line().catch(asNoBackup));
    const line = await reader.line();
    await reader.drain();
    // Only now: a header that was changed is a damaged file, whatever it says.
    return parseHeader(line);
  } finally {
    await reader.close();
  }
}

/** A file without even one line is no backup; any other error is what it is. */
function asNoBackup(error: unknown): never {
  if (error instanceof BackupError) throw new BackupError({ kind: 'not_a_backup' });
  throw error;
}

/** The bytes before the last line, which must be the hash of them; else rejects at their end. */
async function* swornBytes(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    const end = Math.max(0, bytes.length - TRAILER_BYTES);
    tail = bytes.subarray(end);
    if (end === 0) continue;
    const sworn = bytes.subarray(0, end);
    hash.update(sworn);
    yield sworn;
  }
  if (tail.toString('latin1') !== trailerLine(hash.digest('hex'))) {
    throw new BackupError({ kind: 'damaged' });
  }
}

async function readTables(
  reader: ByteReader,
  { tables }: BackupHeader,
  take: TakeTable,
): Promise<ReadonlyMap<string, number>> {
  const inner = new ByteReader(decompressed(reader.rest()));
  const counts = new Map<string, number>();
  let total = 0;
  try {
    for (const table of tables) {
      expectLine(await inner.line(), `table ${table.name}`);
      let ended = '';
      const rows = await take(
        table,
        rowsOf(inner, (line) => {
          ended = line;
        }),
      );
      expectLine(ended, `rows ${rows}`);
      counts.set(table.name, rows);
      total += rows;
    }
    expectLine(await inner.line(), `end ${total}`);
    if ((await inner.drain()) > 0) throw new BackupError({ kind: 'damaged' });
    return counts;
  } finally {
    await inner.close();
  }
}

async function* decompressed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const zstd = createZstdDecompress({ chunkSize: DECOMPRESSED_AT_ONCE });
  // What breaks either of them is thrown by the loop below.
  pipeline(Readable.from(source), zstd, () => undefined);
  try {
    for await (const chunk of zstd) yield toBuffer(chunk);
  } catch (error) {
    const isOfZstd = error instanceof Error && 'code' in error && isZstdCode(error.code);
    throw isOfZstd ? new BackupError({ kind: 'damaged' }, { cause: error }) : error;
  }
}

function toBuffer(chunk: unknown): Buffer {
  if (chunk instanceof Buffer) return chunk;
  throw new TypeError('a stream of bytes gives buffers');
}

function isZstdCode(code: unknown): boolean {
  return typeof code === 'string' && /^ZSTD_|^ERR_ZSTD|^Z_/.test(code);
}

/** One table's bytes up to the line that counts its rows, which `onEnd` gets. */
async function* rowsOf(reader: ByteReader, onEnd: (line: string) => void): AsyncGenerator<Buffer> {
  for (;;) {
    const line = await reader.line();
    const length = /^data ([1-9]\d{0,8})$/.exec(line)?.[1];
    if (length === undefined) {
      onEnd(line);
      return;
    }
    let left = Number(length);
    if (left > PIECE_BYTES_MAX) throw new BackupError({ kind: 'damaged' });
    while (left > 0) {
      const piece = await reader.upTo(left);
      left -= piece.length;
      yield piece;
    }
  }
}

function expectLine(line: string, expected: string): void {
  if (line !== expected) throw new BackupError({ kind: 'damaged' });
}
