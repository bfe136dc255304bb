import { setTimeout as sleep } from 'node:timers/promises';

/** How long commands wait for a database that is away before they are given back. */
const PATIENCE_MS = 2_000;
const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 500;

/** How long to go on with a database that is away, and when to try again. */
export class Patience {
  /** `performance.now()`; undefined: it answers. */
  #awaySince: number | undefined;
  #pauseMs = PAUSE_MIN_MS;

  get isNeeded(): boolean {
    return this.#awaySince !== undefined;
  }

  /** Whether it has been away for longer than commands are to wait. */
  get isOver(): boolean {
    return this.#awaySince !== undefined && performance.now() - this.#awaySince > PATIENCE_MS;
  }

  /** It is away, or silent. */
  begin(): void {
    this.#awaySince ??= performance.now();
  }

  /** It answers. */
  end(): void {
    this.#awaySince = undefined;
    this.#pauseMs = PAUSE_MIN_MS;
  }

  /** Until the next try: longer from one to the next, by chance, so that processes don't keep step. */
  async pause(): Promise<void> {
    const ms = this.#pauseMs / 2 + Math.random() * this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MAX_MS);
    await sleep(ms);
  }

  /** For what takes its time: a database that is away, or a clock that is off. */
  async pauseLong(): Promise<void> {
    await sleep(PAUSE_MAX_MS);
  }
}
