import type { BlockHeader } from '@lastro/core';
import { isSigned, type Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Differences } from './difference.ts';

/** Which key a journal's checkpoints were believed by. */
export interface CheckpointSummary {
  /** Checkpoints that the journal was held against. */
  readonly held: number;
  /** Of these, those whose signature is right and whose block is as they say. */
  readonly confirmed: number;
  readonly newestBlock: number | null;
  /** `given`: the key that the caller named. `own`: those that the checkpoints name themselves. */
  readonly trust: 'given' | 'own';
  readonly publicKeys: readonly string[];
}

/** Holds the blocks of a journal against checkpoints of it, while they go by. */
export class CheckpointCheck {
  readonly #differences: Differences;
  readonly #trusted: string | null;
  readonly #byBlock = new Map<number, Checkpoint[]>();
  readonly #publicKeys = new Set<string>();
  #held = 0;
  #confirmed = 0;
  #newestBlock: number | null = null;

  /** `trusted`: the public key that must have signed what is given; null: the one that each names. */
  constructor(differences: Differences, trusted: string | null) {
    this.#differences = differences;
    this.#trusted = trusted;
  }

  /**
   * Takes one checkpoint; one whose signature is wrong says nothing about the journal. `origin`:
   * `given` by the caller, or `kept` beside the journal, where every process signs with its own key.
   */
  add(checkpoint: Checkpoint, origin: 'given' | 'kept'): void {
    const { block, publicKey } = checkpoint;
    this.#held += 1;
    const isTrusted = origin === 'kept' || this.#isTrusted(checkpoint);
    if (!isTrusted || !isSigned(checkpoint)) {
      this.#differences.add({
        kind: 'broken',
        table: 'checkpoint',
        block,
        seq: null,
        row: `checkpoint of block ${block}`,
        column: isTrusted ? 'signature' : 'public_key',
        expected: `a signature by ${this.#trusted ?? publicKey}`,
        found: isTrusted ? 'a signature of something else' : `one by ${publicKey}`,
      });
      return;
    }
    const others = this.#byBlock.get(block);
    if (others === undefined) this.#byBlock.set(block, [checkpoint]);
    else others.push(checkpoint);
  }

  /** Holds one block against the checkpoints of its number. `hash`: of its bytes. */
  pass(number: number, hash: string, header: BlockHeader | undefined, bank: string | null): void {
    const checkpoints = this.#byBlock.get(number);
    if (checkpoints === undefined) return;
    this.#byBlock.delete(number);
    for (const checkpoint of checkpoints) {
      const wrong = firstContradiction(checkpoint, hash, header, bank);
      if (wrong === undefined) {
        this.#confirm(checkpoint);
        continue;
      }
      this.#differences.add({
        kind: 'different',
        table: 'block',
        block: number,
        seq: null,
        row: `block ${number}`,
        column: wrong.column,
        expected: `${wrong.signed}, as its checkpoint says`,
        found: wrong.found,
      });
    }
  }

  /** Every checkpoint that no block answered is of a block that was cut off. */
  finish(): void {
    for (const [block, checkpoints] of this.#byBlock) {
      this.#differences.add({
        kind: 'missing',
        table: 'block',
        block,
        seq: checkpoints[0]?.seq ?? null,
        row: `block ${block}`,
        column: null,
        expected: `block ${block} of hash ${checkpoints[0]?.hash}, as its checkpoint says`,
        found: null,
      });
    }
    this.#byBlock.clear();
  }

  /** What somebody else signed may be right, and confirms nothing. */
  #confirm(checkpoint: Checkpoint): void {
    if (!this.#isTrusted(checkpoint)) return;
    this.#confirmed += 1;
    this.#newestBlock = Math.max(this.#newestBlock ?? 0, checkpoint.block);
    this.#publicKeys.add(checkpoint.publicKey);
  }

  #isTrusted({ publicKey }: Checkpoint): boolean {
    return this.#trusted === null || publicKey === this.#trusted;
  }

  get summary(): CheckpointSummary {
    return {
      held: this.#held,
      confirmed: this.#confirmed,
      newestBlock: this.#newestBlock,
      trust: this.#trusted === null ? 'own' : 'given',
      publicKeys: [...this.#publicKeys],
    };
  }
}

function firstContradiction(
  checkpoint: Checkpoint,
  hash: string,
  header: BlockHeader | undefined,
  bank: string | null,
): { readonly column: string; readonly signed: string; readonly found: string } | undefined {
  if (checkpoint.hash !== hash) return { column: 'hash', signed: checkpoint.hash, found: hash };
  // The bytes are those that were signed: what is left is a checkpoint that tells them wrongly.
  const seq = header?.lastSeq ?? checkpoint.seq;
  if (checkpoint.seq !== seq) {
    return { column: 'last_seq', signed: `event ${checkpoint.seq}`, found: `event ${seq}` };
  }
  const at = header === undefined ? checkpoint.at : new Date(header.at).toISOString();
  if (checkpoint.at !== at) return { column: 'at', signed: checkpoint.at, found: at };
  if (bank !== null && checkpoint.bank !== bank) {
    return { column: 'body', signed: `bank ${checkpoint.bank}`, found: `bank ${bank}` };
  }
  return undefined;
}
