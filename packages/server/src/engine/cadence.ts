export interface CadenceLimits {
  /** The longest distance between two starts, in milliseconds. */
  readonly longestMs: number;
  /** The distance is so many times as long as a batch takes, where many come. */
  readonly times: number;
  /** When no more than so many come in `longestMs`, waiting for company isn't worth it. */
  readonly few: number;
  /** When so many come in `longestMs`, the whole distance is kept. */
  readonly many: number;
  /** So many that wait are company enough. */
  readonly plenty: number;
}

/** Over which time the rate is taken. */
const MEMORY_MS = 200;

/** How much the last batch says about how long one takes. */
const TOOK_WEIGHT = 0.1;

/**
 * How far apart batches start. Alone, nothing waits; where many come, batches keep a distance, so that
 * what each batch costs by itself is shared by more: a longer one where a batch takes long, as it does
 * where the machine is busy. Times are of `performance.now()`.
 */
export class Cadence {
  readonly #limits: CadenceLimits;
  #startedAt = Number.NEGATIVE_INFINITY;
  #perMs = 0;
  #tookMs = 0;

  constructor(limits: CadenceLimits) {
    this.#limits = limits;
  }

  /** How long the next batch has to wait, of which so many are there. */
  waitMs(now: number, waiting: number): number {
    const { longestMs, times, few, many, plenty } = this.#limits;
    if (waiting >= plenty) return 0;
    const share = (this.#perMs * longestMs - few) / (many - few);
    const distance = Math.min(longestMs, times * this.#tookMs) * Math.min(1, Math.max(0, share));
    return Math.max(0, this.#startedAt + distance - now);
  }

  /** A batch of so many starts. */
  start(now: number, count: number): void {
    const elapsed = Math.max(1, now - this.#startedAt);
    const weight = 1 - Math.exp(-elapsed / MEMORY_MS);
    this.#perMs += weight * (count / elapsed - this.#perMs);
    this.#startedAt = now;
  }

  /** A batch is done, or was given up, so many milliseconds after it started. */
  end(tookMs: number): void {
    // One that hung for seconds says no more than that the longest distance is due.
    const counted = Math.min(tookMs, this.#limits.longestMs);
    this.#tookMs += TOOK_WEIGHT * (counted - this.#tookMs);
  }
}
