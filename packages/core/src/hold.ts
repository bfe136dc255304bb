import type { Transfer } from './transfer.ts';

/** A promised transfer: like a posted one, but without an id until it is captured. */
export type HoldLeg = Omit<Transfer, 'id'>;

export type HoldState = 'pending' | HoldEndState;

/** How a hold ended. `expired`: by time, as an event of the bank's own. */
export type HoldEndState = 'captured' | 'released' | 'expired';

export interface HoldEnd {
  readonly state: HoldEndState;
  readonly seq: number;
  /** Milliseconds since 1970, block time. */
  readonly at: number;
}

/** One or more promised transfers that end together. */
export interface Hold {
  readonly id: string;
  readonly legs: readonly HoldLeg[];
  /** The cross-bank transaction whose commands alone end it; null: whoever placed it may. */
  readonly owner: string | null;
  /** Milliseconds since 1970; from this block time on it can only be released. null: it never ends by time. */
  readonly expiresAt: number | null;
  readonly seq: number;
  readonly at: number;
  /** null: it is pending. */
  readonly end: HoldEnd | null;
}

/** What a hold is at `at`, be its expiry recorded yet or not. */
export function holdState(hold: Hold, at: number): HoldState {
  if (hold.end !== null) return hold.end.state;
  return hold.expiresAt !== null && hold.expiresAt <= at ? 'expired' : 'pending';
}

/** The transaction that the transfers of a client's captured hold belong to: a group stays one. */
export function groupOf(hold: Pick<Hold, 'id' | 'legs'>): string | null {
  return hold.legs.length > 1 ? hold.id : null;
}
