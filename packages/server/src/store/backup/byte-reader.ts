import { LINE_BYTES_MAX } from './backup-format.ts';
import { BackupError } from './backup-error.ts';

/** Takes lines and counted bytes from a stream of bytes, and holds no more of it than it must. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next line without its line feed. Rejects with `BackupError` when there is none. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf(0x0a);
    while (end < 0) {
      if (this.#rest.length > LINE_BYTES_MAX || !(await this.#more())) throw damaged();
      end = this.#rest.indexOf(0x0a);
    }
    const line = this.#rest.toString('utf8', 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** The next bytes, at most so many and at least one. Rejects with `BackupError` at the end. */
  async upTo(length: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#more())) throw damaged();
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Buffer> {
    while (this.#rest.length > 0 || (await this.#more())) {
      const piece = this.#rest;
      this.#rest = Buffer.alloc(0);
      yield piece;
    }
  }

  /** Reads to the end; how many bytes there were. */
  async drain(): Promise<number> {
    let bytes = 0;
    for await (const piece of this.rest()) bytes += piece.length;
    return bytes;
  }

  /** Ends the source, also when it was not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** False at the end. */
  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}

function damaged(): BackupError {
  return new BackupError({ kind: 'damaged' });
}
