import { setTimeout as sleep } from 'node:timers/promises';
import type { StandingTicket } from './lease-queries.ts';

/** How a wait ended. */
export type WaitEnd =
  | { readonly kind: 'granted'; readonly token: number; readonly expiresAt: number }
  /** The ticket is not open any more, so its turn never comes. */
  | { readonly kind: 'gone' }
  /** The time is over; the ticket may be open still. */
  | { readonly kind: 'late' }
  /** The caller went away. */
  | { readonly kind: 'left' }
  /** This process ends; the ticket keeps its place. */
  | { readonly kind: 'closing' };

export interface WaitersDeskParts {
  /** Reads how these tickets stand; the ones that are not open are missing. */
  readonly look: (tickets: readonly number[]) => Promise<readonly StandingTicket[]>;
  /** Has the bank look whether the lease of this account ran out. */
  readonly pass: (account: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Requests that may wait in this process at once. */
  readonly seatsMax: number;
}

/** A ticket and how long to wait for its turn. */
export interface Wait {
  readonly ticket: number;
  readonly account: string;
  readonly timeoutMs: number;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly ticket: number;
  readonly account: string;
  readonly end: (how: WaitEnd) => void;
}

const LOOK_EVERY_MS = 50;

/**
 * Where requests of one process wait until the ticket of each is granted, by a block of whichever
 * process. One read for all of them every 50 ms, and none while nobody waits.
 */
export class WaitersDesk {
  readonly #parts: WaitersDeskParts;
  readonly #waiters = new Set<Waiter>();
  #seatsTaken = 0;
  #isClosing = false;
  #isLooking = false;

  constructor(parts: WaitersDeskParts) {
    this.#parts = parts;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Takes one of the bounded seats: what gives it back, or undefined when all are taken. */
  takeSeat(): (() => void) | undefined {
    if (this.#seatsTaken >= this.#parts.seatsMax) return undefined;
    this.#seatsTaken += 1;
    return () => {
      this.#seatsTaken -= 1;
    };
  }

  /** Whether somebody still waits for this ticket. */
  isAwaited(ticket: number): boolean {
    for (const waiter of this.#waiters) if (waiter.ticket === ticket) return true;
    return false;
  }

  /** Resolves at the latest when the time is over. The ticket is that of a block that stands. */
  async wait({ ticket, account, timeoutMs, signal }: Wait): Promise<WaitEnd> {
    if (this.#isClosing) return { kind: 'closing' };
    if (signal.aborted) return { kind: 'left' };
    const { promise, resolve } = Promise.withResolvers<WaitEnd>();
    const leave = () => resolve({ kind: 'left' });
    const timer = setTimeout(() => resolve({ kind: 'late' }), Math.max(0, timeoutMs));
    signal.addEventListener('abort', leave);
    const waiter: Waiter = { ticket, account, end: resolve };
    this.#waiters.add(waiter);
    if (!this.#isLooking) this.#keepLooking().catch(() => undefined);
    try {
      return await promise;
    } finally {
      this.#waiters.delete(waiter);
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }

  /** Ends every wait, now and from now on. */
  close(): void {
    this.#isClosing = true;
    for (const { end } of this.#waiters) end({ kind: 'closing' });
  }

  /** Never rejects: while the database is away nobody's turn comes, and every wait has its end. */
  async #keepLooking(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiters.size > 0) {
      await this.#look([...this.#waiters]).catch(() => undefined);
      await sleep(LOOK_EVERY_MS);
    }
    this.#isLooking = false;
  }

  async #look(waiters: readonly Waiter[]): Promise<void> {
    const { look, pass, clock } = this.#parts;
    const standing = await look([...new Set(waiters.map(({ ticket }) => ticket))]);
    const byTicket = new Map(standing.map((found) => [found.ticket, found]));
    const toPass = new Set<string>();
    for (const { ticket, account, end } of waiters) {
      const found = byTicket.get(ticket);
      const how = endOf(found, clock());
      if (how !== undefined) end(how);
      else if (isFree(found, clock())) toPass.add(account);
    }
    for (const account of toPass) pass(account);
  }
}

/** What a ticket came to at `at`; undefined while it waits. */
export function endOf(found: StandingTicket | undefined, at: number): WaitEnd | undefined {
  if (found === undefined) return { kind: 'gone' };
  const { token, expiresAt } = found;
  if (token === null || expiresAt === null) return undefined;
  return expiresAt <= at ? { kind: 'gone' } : { kind: 'granted', token, expiresAt };
}

/** Whether nobody holds the account that a ticket waits for. */
function isFree(found: StandingTicket | undefined, at: number): boolean {
  return found !== undefined && (found.heldUntil === null || found.heldUntil <= at);
}
