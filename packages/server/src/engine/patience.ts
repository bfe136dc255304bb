import { setTimeout as sleep } from 'node:timers/promises';

/** How long commands wait for a database that is away before they are given back. */
const PATIENCE_MS = 2_000;
const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 500;

/** How long to go on with a database that is away. */
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

  /** Until the next try: a little longer each time, and never two processes in step. */
  async pause(): Promise<void> {
    const ms = this.#pauseMs / 2 + Math.random() * this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MAX_MS);
    await sleep(ms);
  }

  /** The longest time between two tries. */
  async pauseLong(): Promise<void> {
    await sleep(PAUSE_MAX_MS);
  }
}
