import type { Ticket } from './ticket.ts';

/** The longest that a block waits for company; a cross-bank transaction waits for three or four. */
const LONGEST_MS = 20;

/** So many within that time are hardly worth a wait, and for so many the whole of it is. */
const FEW = 4;
const MANY = 20;

/** Over which time the rate is taken. */
const MEMORY_MS = 200;

/**
 * When the next block starts. A client who waits for a command alone is served at once. The steps of
 * cross-bank transactions have other banks to wait for, and come one by one as those answer: where
 * many come, blocks of them keep a distance, so that what each block costs is shared by more.
 */
export class Gathering {
  #isUrgent = false;
  #startedAt = Number.NEGATIVE_INFINITY;
  #perMs = 0;
  #isWaiting = false;

  /** Takes note of what is queued; whether somebody must look after it now. */
  note(ticket: Ticket): boolean {
    this.#isUrgent ||= !isPatient(ticket);
    return this.#isUrgent || !this.#isWaiting;
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
    if (this.#isUrgent) return 0;
    const share = (this.#perMs * LONGEST_MS - FEW) / (MANY - FEW);
    const distance = LONGEST_MS * Math.min(1, Math.max(0, share));
    return Math.max(0, this.#startedAt + distance - now);
  }

  /** A block starts with so many; `isAll`: nothing is left in the queue. */
  start(now: number, count: number, isAll: boolean): void {
    const elapsed = Math.max(1, now - this.#startedAt);
    const weight = 1 - Math.exp(-elapsed / MEMORY_MS);
    this.#perMs += weight * (count / elapsed - this.#perMs);
    this.#startedAt = now;
    // What found no room has waited long enough.
    this.#isUrgent = !isAll;
  }
}

function isPatient(ticket: Ticket): boolean {
  return ticket.kind === 'own' || ticket.envelope.command.type === 'BeginCrossBank';
}
