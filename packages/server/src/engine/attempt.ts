import type { BlockDraft } from './block-draft.ts';
import type { Ticket } from './ticket.ts';

/**
 * What came of one try to put commands into the next block.
 * `resolved`: an earlier block of unknown fate turned out to stand.
 * `chores_refused`: what the bank does unasked could not be written; the next try goes without it.
 * Every other kind but `settled` and `unknown` has had no effect.
 */
export type Attempt =
  | { readonly kind: 'settled'; readonly draft: BlockDraft }
  | { readonly kind: 'resolved'; readonly draft: BlockDraft }
  | { readonly kind: 'unknown'; readonly error: unknown }
  | {
      readonly kind: 'lost_race' | 'duplicate' | 'chores_refused' | 'clock_off' | 'history_rewound';
    }
  | { readonly kind: 'poison'; readonly error: unknown }
  | { readonly kind: 'unavailable'; readonly error: unknown };

/**
 * `trusting`: rows from the cache, ids taken for new; the database's constraints are the judge.
 * `careful`: head locked first, every row and id looked up.
 * `recording`: careful, and the one ticket is recorded as failed instead of being decided.
 */
export type AttemptMode = 'trusting' | 'careful' | 'recording';

/** What waits behind the tickets of an attempt. */
export interface Waiting {
  /** The tickets of the block after this one; undefined: not sure yet, what comes now would go along. */
  readonly peekNext: () => readonly Ticket[] | undefined;
  /** Takes those that find room in this block still: they are tickets of the attempt from then on. */
  readonly takeMore: () => readonly Ticket[];
}

export const NOBODY_WAITS: Waiting = { peekNext: () => undefined, takeMore: () => [] };
