import { createReadStream } from 'node:fs';
import type { StoredBlock } from './block-chain.ts';
import { FILE_BLOCK_BYTES_MAX, FILE_LINE_BYTES_MAX, FILE_TITLE } from './journal-file.ts';

/** The file isn't one that `JournalFileWriter` writes, from this byte on. */
export class JournalFileError extends Error {
  /** Counted from 0. */
  readonly byte: number;

  constructor(byte: number, message: string) {
    super(message);
    this.name = 'JournalFileError';
    this.byte = byte;
  }
}

/** Reads a journal's file block by block. Throws `JournalFileError` or an error of the file system. */
export async function* readJournalFile(path: string): AsyncGenerator<StoredBlock> {
  const bytes = new ByteReader(path);
  try {
    const title = await bytes.line();
    if (title !== FILE_TITLE) throw bytes.error(`a journal's file begins with “${FILE_TITLE}”`);
    let blocks = 0;
    let lastHash = '';
    for (;;) {
      const line = await bytes.line();
      const [, block, length, hash] =
        /^block (\d{1,16}) (\d{1,10}) ([0-9a-f]{64})$/.exec(line) ?? [];
      if (block === undefined || length === undefined || hash === undefined) {
        if (line !== `end ${blocks} ${lastHash}`) {
          throw bytes.error(`“end ${blocks} ${lastHash}” or the next block belongs here`);
        }
        if (!(await bytes.isAtEnd())) throw bytes.error('something follows the end of the journal');
        return;
      }
      if (Number(length) > FILE_BLOCK_BYTES_MAX) throw bytes.error('no block is that long');
      yield { body: await bytes.take(Number(length)), columns: { block, hash } };
      blocks += 1;
      lastHash = hash;
    }
  } finally {
    bytes.close();
  }
}

/** Takes lines and counted bytes from a file. */
class ByteReader {
  readonly #stream;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Where the piece that was taken last begins. */
  #byte = 0;
  #nextByte = 0;

  constructor(path: string) {
    this.#stream = createReadStream(path, { highWaterMark: 1024 * 1024 });
    this.#chunks = this.#stream.iterator();
  }

  error(message: string): JournalFileError {
    return new JournalFileError(this.#byte, message);
  }

  async line(): Promise<string> {
    let end = this.#rest.indexOf(0x0a);
    while (end < 0 && this.#rest.length < FILE_LINE_BYTES_MAX && (await this.#more())) {
      end = this.#rest.indexOf(0x0a);
    }
    if (end < 0 || end >= FILE_LINE_BYTES_MAX) {
      this.#byte = this.#nextByte;
      throw this.error(this.#rest.length === 0 ? 'the file ends before its last line' : 'no line');
    }
    const line = this.#cut(end + 1);
    return line.toString('latin1', 0, end);
  }

  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      this.#rest = Buffer.alloc(0);
      if (!(await this.#more())) {
        this.#byte = this.#nextByte;
        throw this.error('the file ends within a block');
      }
      pieces.push(this.#rest);
      have += this.#rest.length;
    }
    this.#rest = pieces.length === 1 ? this.#rest : Buffer.concat(pieces);
    return this.#cut(length);
  }

  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more());
  }

  close(): void {
    this.#stream.destroy();
  }

  #cut(length: number): Buffer {
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#byte = this.#nextByte;
    this.#nextByte += length;
    return piece;
  }

  /** False at the end of the file. */
  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
