import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FILE_TITLE } from './journal-file.ts';

const BUFFER_BYTES = 1024 * 1024;

/** Writes a journal aside; it takes its name only once it is whole and on the disk. */
export class JournalFileWriter {
  readonly #path: string;
  readonly #aside: string;
  readonly #file: FileHandle;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #blocks = 0;
  #lastHash = '';

  private constructor(path: string, aside: string, file: FileHandle) {
    this.#path = path;
    this.#aside = aside;
    this.#file = file;
  }

  /** Rejects with an error of the file system when it can't be written there. */
  static async open(path: string): Promise<JournalFileWriter> {
    const aside = `${path}.${randomBytes(4).toString('hex')}`;
    // Names of principals and metadata are in it: for its owner alone.
    const file = await open(aside, 'wx', 0o600);
    const writer = new JournalFileWriter(path, aside, file);
    writer.#add(Buffer.from(`${FILE_TITLE}\n`));
    return writer;
  }

  async write(block: string, hash: string, body: Buffer): Promise<void> {
    this.#add(Buffer.from(`block ${block} ${body.length} ${hash}\n`));
    this.#add(body);
    this.#blocks += 1;
    this.#lastHash = hash;
    if (this.#waitingBytes >= BUFFER_BYTES) await this.#flush();
  }

  /** Ends the file and puts it in place of one that stands there. */
  async finish(): Promise<void> {
    this.#add(Buffer.from(`end ${this.#blocks} ${this.#lastHash}\n`));
    await this.#flush();
    await this.#file.sync();
    await rename(this.#aside, this.#path);
    const folder = await open(dirname(this.#path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  /** Closes it and leaves nothing aside; after `finish` the file stays. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(this.#aside, { force: true });
  }

  #add(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#file.writeFile(bytes);
  }
}
