import { createHash } from 'node:crypto';
import { decodeBlock, type Block } from '@lastro/core';
import type { Difference, Differences } from './difference.ts';
import { timeText } from './row-text.ts';

const NO_PREVIOUS = '0'.repeat(64);

/** A block as it was stored: its bytes, and what was written beside them. */
export interface StoredBlock {
  readonly body: Buffer;
  /** Columns as text, hashes as hexadecimal digits; a file has only number and hash. */
  readonly columns: { readonly block: string; readonly hash: string } & Readonly<
    Partial<Record<'id' | 'first_seq' | 'last_seq' | 'previous' | 'at', string>>
  >;
}

/** The newest block that was read. */
export interface ChainEnd {
  readonly block: number;
  readonly lastSeq: number;
  /** Of its bytes. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Checks one block after another against its hash, its columns and the block before it. */
export class BlockChain {
  readonly #differences: Differences;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #end: ChainEnd | undefined;
  /** Hash that was written beside the newest block, when it isn't that of its bytes. */
  #endWritten: string | undefined;

  constructor(differences: Differences) {
    this.#differences = differences;
  }

  get end(): ChainEnd | undefined {
    return this.#end;
  }

  /**
   * Takes the next block; its content, when it can be read and stands at its place.
   * `witness`: the hash of this block that the next one or head names, to tell changed bytes from a
   * changed hash.
   */
  take(stored: StoredBlock, witness: string | undefined): Block | undefined {
    const number = Number(stored.columns.block);
    const expected = this.#end === undefined ? 0 : this.#end.block + 1;
    const hash = createHash('sha256').update(stored.body).digest('hex');
    const isIntact = hash === stored.columns.hash;
    if (!isIntact) this.#reportHash(stored, hash, witness, number);
    const block = this.#decode(stored, number, isIntact);
    if (block !== undefined && isIntact) this.#compareColumns(stored, block, number);
    if (number !== expected) this.#reportGap(expected, number);
    const before = this.#end;
    const beforeWritten = this.#endWritten;
    this.#endWritten = isIntact ? undefined : stored.columns.hash;
    if (block === undefined) {
      // The chain goes on from what the columns say, so that later blocks are still checked.
      const lastSeq = Number(stored.columns.last_seq ?? Number.NaN);
      this.#end = { block: number, lastSeq, hash, at: before?.at ?? 0 };
      return undefined;
    }
    this.#end = { block: number, lastSeq: block.header.lastSeq, hash, at: block.header.at };
    if (number === expected) this.#checkLink(block, before, beforeWritten);
    return number === expected ? block : undefined;
  }

  #decode(stored: StoredBlock, number: number, isIntact: boolean): Block | undefined {
    try {
      return decodeBlock(this.#decoder.decode(stored.body));
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      // Bytes that were changed are reported as such already.
      if (isIntact) this.#break(number, 'a block is canonical text in UTF-8', found);
      return undefined;
    }
  }

  #reportHash(stored: StoredBlock, hash: string, witness: string | undefined, block: number): void {
    const isBody = witness !== hash;
    this.#differences.add({
      ...rowOf(block),
      kind: 'different',
      column: isBody ? 'body' : 'hash',
      expected: isBody ? `bytes of hash ${stored.columns.hash}` : hash,
      found: isBody ? `bytes of hash ${hash}` : stored.columns.hash,
    });
  }

  #compareColumns({ columns }: StoredBlock, { header }: Block, number: number): void {
    const expected: StoredBlock['columns'] = {
      block: String(header.block),
      id: header.id,
      first_seq: String(header.firstSeq),
      last_seq: String(header.lastSeq),
      previous: header.previous,
      hash: columns.hash,
      at: timeText(header.at),
    };
    const names = ['block', 'id', 'first_seq', 'last_seq', 'previous', 'at'] as const;
    const wrong = names.find(
      (name) => columns[name] !== undefined && columns[name] !== expected[name],
    );
    if (wrong === undefined) return;
    this.#differences.add({
      ...rowOf(number),
      kind: 'different',
      column: wrong,
      expected: expected[wrong] ?? null,
      found: columns[wrong] ?? null,
    });
  }

  #reportGap(expected: number, found: number): void {
    const isLater = found > expected;
    const rows = isLater && found - expected > 1 ? `blocks ${expected}…${found - 1}` : undefined;
    this.#differences.add({
      ...rowOf(isLater ? expected : found),
      kind: isLater ? 'missing' : 'unexpected',
      ...(rows === undefined ? {} : { row: rows }),
      column: null,
      expected: isLater ? (rows ?? `block ${expected}`) : null,
      found: isLater ? null : `block ${found}`,
    });
  }

  #checkLink({ header, events }: Block, before: ChainEnd | undefined, written?: string): void {
    const { block, previous, at, firstSeq, lastSeq } = header;
    const isLinked =
      previous === (before?.hash ?? NO_PREVIOUS) || (written !== undefined && previous === written);
    if (!isLinked) {
      this.#break(block, 'a block names the hash of the block before it', `it names ${previous}`);
    }
    const nextSeq = before === undefined ? 0 : before.lastSeq + 1;
    if (!Number.isNaN(nextSeq) && firstSeq !== nextSeq) {
      this.#break(block, `firstSeq is the next number, ${nextSeq}`, String(firstSeq));
    }
    if (events.length === 0) this.#break(block, 'a block has at least one event', null);
    if (lastSeq !== firstSeq + events.length - 1) {
      this.#break(block, 'lastSeq is that of the last event', String(lastSeq));
    }
    const stray = events.find(({ seq }, index) => seq !== firstSeq + index);
    if (stray !== undefined) {
      this.#break(block, 'events are numbered without gap', String(stray.seq), stray.seq);
    }
    if (before !== undefined && at < before.at) {
      this.#break(block, 'the time of blocks does not go back', new Date(at).toISOString());
    }
  }

  #break(block: number, rule: string, found: string | null, seq: number | null = null): void {
    this.#differences.add({
      ...rowOf(block),
      kind: 'broken',
      column: 'body',
      seq,
      expected: rule,
      found,
    });
  }
}

function rowOf(block: number): Pick<Difference, 'table' | 'block' | 'row' | 'seq'> {
  return { table: 'block', block, row: `block ${block}`, seq: null };
}
