import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { headerLines, PIECE_BYTES_MAX, trailerLine, type BackupHeader } from './backup-format.ts';
import { lineFeedsIn } from './line-feeds.ts';

/** One table to be written: `copy` begins to read it, and gives buffers in COPY's text format. */
export interface CopiedTable {
  readonly name: string;
  /** What it occupies; a measure for progress. */
  readonly bytes: number;
  readonly copy: () => AsyncIterable<unknown>;
}

export interface BackupProgress {
  readonly table: string;
  /** Of all tables so far. */
  readonly rows: number;
  /** From 0 to 1, by what the tables occupy: roughly right. */
  readonly share: number;
}

export interface WrittenSoFar {
  readonly rowsOfTables: ReadonlyMap<string, number>;
  /** Of the file. */
  readonly bytes: number;
  /** The hash in the last line; empty until then. */
  readonly sha256: string;
}

const COMPRESSED_AT_ONCE = 256 * 1024;

/** The whole file, made as it is read; ends with an error when a table does. */
export async function* backupBytes(
  header: BackupHeader,
  tables: readonly CopiedTable[],
  written: Written,
  onProgress?: (progress: BackupProgress) => void,
): AsyncGenerator<Buffer> {
  const zstd = createZstdCompress({ chunkSize: COMPRESSED_AT_ONCE });
  yield written.hashed(Buffer.from(headerLines(header)));
  // What breaks either of them is thrown by the loop below.
  pipeline(Readable.from(framesOf(tables, written, onProgress)), zstd, () => undefined);
  for await (const chunk of zstd) yield written.hashed(checkedPiece(chunk));
  yield written.trailer();
}

/** The tables one after the other, as the compressed part of the file holds them. */
async function* framesOf(
  tables: readonly CopiedTable[],
  written: Written,
  onProgress: ((progress: BackupProgress) => void) | undefined,
): AsyncGenerator<Buffer> {
  const sizes = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  let sizeBefore = 0;
  let total = 0;
  for (const table of tables) {
    yield Buffer.from(`table ${table.name}\n`);
    let rows = 0;
    let length = 0;
    for await (const chunk of table.copy()) {
      const piece = checkedPiece(chunk);
      rows += lineFeedsIn(piece);
      length += piece.length;
      yield Buffer.from(`data ${piece.length}\n`);
      yield piece;
      const share = (sizeBefore + Math.min(length, table.bytes)) / Math.max(1, sizes);
      onProgress?.({ table: table.name, rows: total + rows, share });
    }
    yield Buffer.from(`rows ${rows}\n`);
    written.rowsOfTables.set(table.name, rows);
    total += rows;
    sizeBefore += table.bytes;
  }
  yield Buffer.from(`end ${total}\n`);
}

function checkedPiece(chunk: unknown): Buffer {
  if (!(chunk instanceof Buffer)) throw new TypeError('COPY gives buffers');
  if (chunk.length > PIECE_BYTES_MAX) throw new RangeError(`a piece of ${chunk.length} bytes`);
  return chunk;
}

/** Counts and hashes the file as it is made. */
export class Written implements WrittenSoFar {
  readonly rowsOfTables = new Map<string, number>();
  bytes = 0;
  sha256 = '';
  readonly #hash = createHash('sha256');

  hashed(bytes: Buffer): Buffer {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    return bytes;
  }

  trailer(): Buffer {
    this.sha256 = this.#hash.digest('hex');
    const line = Buffer.from(trailerLine(this.sha256));
    this.bytes += line.length;
    return line;
  }
}
