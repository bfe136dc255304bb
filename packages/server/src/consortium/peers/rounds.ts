import { setTimeout as sleep } from 'node:timers/promises';

export interface RoundsParts {
  /** One round. Never rejects; `stopping` is aborted once nothing more is wanted. */
  readonly round: (stopping: AbortSignal) => Promise<void>;
  /** Until the next round, in milliseconds, asked after each. */
  readonly pauseMs: () => number;
  /** Of that, what is waited even when the next round is wanted soon; 0 unless given. */
  readonly leastPauseMs?: number;
}

/** Work that is done again and again in the background, one round at a time, until it is stopped. */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Has the next round begin now; or once more after the one under way. */
  soon(): void {
    this.#wake.abort();
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { round, pauseMs, leastPauseMs = 0 } = this.#parts;
    const { signal: stopping } = this.#stopping;
    while (!stopping.aborted) {
      this.#wake = new AbortController();
      await round(stopping);
      if (stopping.aborted) return;
      const wholeMs = pauseMs();
      if (leastPauseMs > 0) await pauseFor(leastPauseMs, stopping);
      await pauseFor(wholeMs - leastPauseMs, this.#wake.signal);
    }
  }
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
