import type { Block } from '@lastro/core';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { BlockChain, type ChainEnd, type StoredBlock } from './block-chain.ts';
import { CheckpointCheck } from './checkpoint-check.ts';
import { Differences } from './difference.ts';
import type { BlockAdditions, FoldingLedger } from './folding-ledger.ts';
import { JournalFold } from './journal-fold.ts';
import { differencesOf, type VerifyReport } from './verify-report.ts';

/** What a journal is held against besides itself. */
export interface Evidence {
  readonly checkpoints: readonly Checkpoint[];
  /** Public key that must have signed them; null: the one that each names. */
  readonly trustedKey: string | null;
}

/** A block that could be folded, with the rows that it should have added. */
export interface FoldedBlock {
  readonly block: Block;
  readonly additions: BlockAdditions;
}

/** Everything that a journal shows by itself, wherever it is read from: chain, rules, checkpoints. */
export class JournalVerifier {
  readonly differences = new Differences();
  readonly #chain = new BlockChain(this.differences);
  readonly #fold = new JournalFold(this.differences);
  readonly #checkpoints: CheckpointCheck;
  #blocks = 0;

  constructor({ checkpoints, trustedKey }: Evidence) {
    this.#checkpoints = new CheckpointCheck(this.differences, trustedKey);
    for (const checkpoint of checkpoints) this.#checkpoints.add(checkpoint, 'given');
  }

  get ledger(): FoldingLedger {
    return this.#fold.ledger;
  }

  get end(): ChainEnd | undefined {
    return this.#chain.end;
  }

  get bank(): string | null {
    return this.#fold.bank;
  }

  get isWhole(): boolean {
    return this.#fold.stoppedAt === null;
  }

  get progress(): { readonly blocks: number; readonly events: number } {
    return { blocks: this.#blocks, events: this.#fold.events };
  }

  /** One more that was kept beside the journal. */
  addCheckpoint(checkpoint: Checkpoint): void {
    this.#checkpoints.add(checkpoint, 'kept');
  }

  /** Takes the next block; undefined when it can't be folded, or one before it couldn't. */
  take(stored: StoredBlock, witness: string | undefined): FoldedBlock | undefined {
    this.#blocks += 1;
    const number = Number(stored.columns.block);
    const block = this.#chain.take(stored, witness);
    const { end } = this.#chain;
    if (block === undefined) this.#fold.stop(number);
    const additions = block === undefined ? undefined : this.#fold.fold(block);
    if (end !== undefined) {
      this.#checkpoints.pass(end.block, end.hash, block?.header, this.#fold.bank);
    }
    return block === undefined || additions === undefined ? undefined : { block, additions };
  }

  /** The newest block that should stand: what is missing up to it ends the fold. */
  expectEnd(newest: number): void {
    const next = (this.end?.block ?? -1) + 1;
    if (newest < next) return;
    const row = newest === next ? `block ${next}` : `blocks ${next}…${newest}`;
    const place = { table: 'block', block: next, seq: null, row, column: null } as const;
    this.differences.add({ ...place, kind: 'missing', expected: row, found: null });
    this.#fold.stop(next);
  }

  /** After the last block. */
  finish(): VerifyReport {
    const { end } = this.#chain;
    if (end === undefined && this.isWhole) this.expectEnd(0);
    this.#checkpoints.finish();
    const { ledger } = this.#fold;
    return {
      clean: this.differences.total === 0,
      isJournalSound: this.differences.isJournalSound,
      bank: this.#fold.bank,
      block: end?.block ?? null,
      seq: end === undefined || Number.isNaN(end.lastSeq) ? null : end.lastSeq,
      hash: end?.hash ?? null,
      blocks: this.#blocks,
      events: this.#fold.events,
      accounts: ledger.accounts.size,
      products: ledger.products.size,
      stoppedAt: this.#fold.stoppedAt,
      differences: differencesOf(this.differences),
      checkpoints: this.#checkpoints.summary,
    };
  }
}
