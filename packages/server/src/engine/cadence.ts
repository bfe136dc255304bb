export interface CadenceLimits {
  /** The longest distance between two starts, in milliseconds. */
  readonly longestMs: number;
  /** When no more than so many come in that time, waiting for company isn't worth it. */
  readonly few: number;
  /** When so many come in that time, the whole distance is kept. */
  readonly many: number;
  /** So many that wait are company enough. */
  readonly plenty: number;
}

/** Over which time the rate is taken. */
const MEMORY_MS = 200;

/**
 * How far apart batches start. Alone, nothing waits; where many come, batches keep a distance, so that
 * what each batch costs by itself is shared by more. Times are of `performance.now()`.
 */
export class Cadence {
  readonly #limits: CadenceLimits;
  #startedAt = Number.NEGATIVE_INFINITY;
  #perMs = 0;

  constructor(limits: CadenceLimits) {
    this.#limits = limits;
  }

  /** How long the next batch has to wait, of which so many are there. */
  waitMs(now: number, waiting: number): number {
    const { longestMs, few, many, plenty } = this.#limits;
    if (waiting >= plenty) return 0;
    const share = (this.#perMs * longestMs - few) / (many - few);
    const distance = longestMs * Math.min(1, Math.max(0, share));
    return Math.max(0, this.#startedAt + distance - now);
  }

  /** A batch of so many starts. */
  start(now: number, count: number): void {
    const elapsed = Math.max(1, now - this.#startedAt);
    const weight = 1 - Math.exp(-elapsed / MEMORY_MS);
    this.#perMs += weight * (count / elapsed - this.#perMs);
    this.#startedAt = now;
  }
}
