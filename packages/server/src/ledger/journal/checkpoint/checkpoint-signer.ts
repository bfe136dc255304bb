import type { Reads, Snapshot } from '../../../store/reads.ts';
import { readHead, type JournalHead } from '../journal-queries.ts';
import { insertCheckpoint, readNewestCheckpoint } from './checkpoint-rows.ts';
import { signCheckpoint, type Checkpoint, type SigningKey } from './checkpoint.ts';

export interface CheckpointLimits {
  /** Blocks after the last checkpoint at which the next one is due. */
  readonly everyBlocks: number;
  /** Time after which one is due as soon as there is anything new. */
  readonly everyMs: number;
  /** How often head is looked at. */
  readonly pollMs: number;
  /** How long a stop waits for the last signature. */
  readonly stopTimeoutMs: number;
}

export const CHECKPOINT_LIMITS: CheckpointLimits = {
  everyBlocks: 1_000,
  everyMs: 3_600_000,
  pollMs: 5_000,
  stopTimeoutMs: 2_000,
};

export interface CheckpointSignerParts {
  readonly reads: Reads;
  readonly key: SigningKey;
  readonly onAlarm: (message: string) => void;
  readonly limits?: CheckpointLimits;
}

/**
 * Signs the head now and then, beside the engine and from committed state alone. Whoever rewrites
 * the journal later contradicts what was signed; so nothing more is signed once that shows here.
 */
export class CheckpointSigner {
  readonly #parts: CheckpointSignerParts;
  readonly #limits: CheckpointLimits;
  #newest: Checkpoint | undefined;
  /** `performance.now()` milliseconds. */
  #signedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #isContradicted = false;
  #isFailing = false;

  constructor(parts: CheckpointSignerParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? CHECKPOINT_LIMITS;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beginRound(false), this.#limits.pollMs);
    this.#timer.unref();
    this.#beginRound(false);
  }

  /** Signs what is new since the last checkpoint, waiting 2 s at most, and signs no more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const ending = async () => {
      await this.#round;
      this.#beginRound(true);
      await this.#round;
    };
    const deadline = Promise.withResolvers<void>();
    const timer = setTimeout(deadline.resolve, this.#limits.stopTimeoutMs);
    await Promise.race([ending(), deadline.promise]);
    clearTimeout(timer);
  }

  /** One round at a time; a round never rejects. */
  #beginRound(isLast: boolean): void {
    if (this.#round !== undefined || this.#isContradicted) return;
    this.#round = this.#runRound(isLast).finally(() => {
      this.#round = undefined;
    });
  }

  async #runRound(isLast: boolean): Promise<void> {
    try {
      await this.#signIfDue(isLast);
      this.#isFailing = false;
    } catch (error) {
      // A database that is away makes the engine's own noise; it is said once here.
      if (!this.#isFailing) this.#parts.onAlarm(`no checkpoint was signed: ${String(error)}`);
      this.#isFailing = true;
    }
  }

  async #signIfDue(isLast: boolean): Promise<void> {
    const { reads, key } = this.#parts;
    await reads.inTransaction(async (change) => {
      this.#newest ??= await readNewestCheckpoint(change, key.publicKey);
      const head = await readHead(change);
      if (!this.#isDue(head, isLast)) return;
      if (await this.#contradicts(change, head)) return;
      const { bank, block, seq, hash, at } = head;
      const checkpoint = signCheckpoint({ bank, block, seq, hash, at }, key);
      await insertCheckpoint(change, checkpoint);
      this.#newest = checkpoint;
      this.#signedAt = performance.now();
    });
  }

  #isDue(head: JournalHead, isLast: boolean): boolean {
    const newest = this.#newest?.block ?? -1;
    // A head below what was signed is due, too: to be found contradicted.
    if (head.block < newest) return true;
    if (head.block === newest) return false;
    const isOld = performance.now() - this.#signedAt >= this.#limits.everyMs;
    return isLast || isOld || head.block - newest >= this.#limits.everyBlocks;
  }

  /** Whether the journal no longer has the block that was signed last, as it was. */
  async #contradicts(snapshot: Snapshot, head: JournalHead): Promise<boolean> {
    const newest = this.#newest;
    if (newest === undefined) return false;
    const [row] = await snapshot.rows<{ hash: Buffer }>(
      'select hash from block where block = $1 and block <= $2',
      [newest.block, head.block],
    );
    if (row?.hash.toString('hex') === newest.hash) return false;
    this.#isContradicted = true;
    this.#parts.onAlarm(
      `the journal was rewritten or shortened: block ${newest.block} was signed with hash ` +
        `${newest.hash} and now has ${row?.hash.toString('hex') ?? 'no row'}. Nothing more is signed; run lastro verify.`,
    );
    return true;
  }
}
