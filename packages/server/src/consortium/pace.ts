import { Cadence, type CadenceLimits } from '../engine/cadence.ts';

/** Holds batches apart where many come, by a timer of its own. */
export class Pace {
  readonly #cadence: Cadence;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: CadenceLimits) {
    this.#cadence = new Cadence(limits);
  }

  /** Whether a batch may start now, for which so many wait; if not, `again` is called when it may. */
  mayStart(waiting: number, again: () => void): boolean {
    const ms = this.#cadence.waitMs(performance.now(), waiting);
    if (ms <= 0) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      again();
    }, ms);
    return false;
  }

  /** A batch of so many starts; what is returned is called when it is done. */
  start(count: number): () => void {
    const startedAt = performance.now();
    this.#cadence.start(startedAt, count);
    return () => this.#cadence.end(performance.now() - startedAt);
  }

  /** Calls nobody any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
