import { Cadence } from './cadence.ts';
import type { Ticket } from './ticket.ts';

/** A cross-bank transaction waits for three or four blocks of each bank. */
const CADENCE = { longestMs: 90, times: 2, few: 6, many: 30, plenty: 200 };

/**
 * When the next block starts. A client who waits for a command alone is served at once. The steps of
 * cross-bank transactions have other banks to wait for, and come one by one as those answer: blocks of
 * them alone keep a distance where many come.
 */
export class Gathering {
  readonly #cadence = new Cadence(CADENCE);
  #isUrgent = false;
  #isWaiting = false;
  #queued = 0;

  /** Takes note of what is queued; whether somebody must look after it now. */
  note(ticket: Ticket): boolean {
    this.#isUrgent ||= !isPatient(ticket);
    this.#queued += 1;
    return !this.#isWaiting || this.waitMs(performance.now()) <= 0;
  }

  /** Until the next block is to start, or what is handed to `onWake` is called. */
  async wait(onWake: (wake: () => void) => void): Promise<void> {
    const ms = this.waitMs(performance.now());
    if (ms <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#isWaiting = true;
    onWake(resolve);
    await promise;
    this.#isWaiting = false;
    clearTimeout(timer);
  }

  /** How long the next block has to wait; `performance.now()`. */
  waitMs(now: number): number {
    return this.#isUrgent ? 0 : this.#cadence.waitMs(now, this.#queued);
  }

  /** A block starts with so many; `isAll`: nothing is left in the queue. */
  start(now: number, count: number, isAll: boolean): void {
    this.#cadence.start(now, count);
    this.#queued = 0;
    // What found no room has waited long enough.
    this.#isUrgent = !isAll;
  }

  /** It is written, or was given up, so many milliseconds after it started. */
  end(tookMs: number): void {
    this.#cadence.end(tookMs);
  }
}

function isPatient(ticket: Ticket): boolean {
  return ticket.kind === 'own' || ticket.envelope.command.type === 'BeginCrossBank';
}
