import { randomUUID } from 'node:crypto';
import type { Rules } from '@lastro/core';
import type { BoundStatement } from '../store/bound-statement.ts';
import type { BlockRows, Head } from '../store/row-types.ts';
import { blockStatements } from '../store/write-parameters.ts';
import { blockRows, draftBlock, NOTHING_DUE, type BlockDraft } from './block-draft.ts';
import { mayBeDue } from './housekeeping.ts';
import { factsAtHand } from './load-footprint.ts';
import { orPoison } from './poison.ts';
import type { RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import { NO_KNOWN_IDS, WorkingLedger } from './working-ledger.ts';

/** A block that was decided, and what writes it. */
export interface MadeBlock {
  readonly draft: BlockDraft;
  readonly rows: BlockRows;
  readonly statements: readonly BoundStatement[];
}

/** Throws `PoisonError`. */
export function makeBlock(draft: BlockDraft, head: Head): MadeBlock {
  return orPoison(() => {
    const rows = blockRows(draft, head);
    return { draft, rows, statements: blockStatements(rows) };
  });
}

/**
 * The block after the one that is on its way to the database, decided meanwhile as if that one stood.
 * It is sent only once that one does; where it does not, this one is dropped and decided anew.
 */
export class DraftAhead {
  readonly #rules: Rules;
  #made: MadeBlock | undefined;
  #tickets: readonly Ticket[] = [];
  #head: Head | undefined;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /**
   * Decides these tickets on trust, behind a head that the cache is as of. Makes nothing where a row
   * is not at hand, or something may be due that comes first.
   */
  make(tickets: readonly Ticket[], head: Head, cache: RowCache, at: number): void {
    this.forget();
    if (mayBeDue(cache, at)) return;
    try {
      const facts = factsAtHand(tickets, { bank: head.bank, trusting: true }, cache);
      if (facts === undefined) return;
      const ledger = new WorkingLedger(cache, facts, NO_KNOWN_IDS, head);
      const draft = draftBlock(NOTHING_DUE, tickets, ledger, head, at, randomUUID(), this.#rules);
      if (draft.events.length === 0) return;
      this.#made = makeBlock(draft, head);
    } catch {
      // A command that can't be decided throws again when its turn comes, where somebody hears of it.
      return;
    }
    this.#tickets = tickets;
    this.#head = head;
  }

  /** The block of exactly these tickets behind this very head, if it was made; nothing stays behind. */
  take(tickets: readonly Ticket[], head: Head): MadeBlock | undefined {
    const isThat =
      head === this.#head &&
      tickets.length === this.#tickets.length &&
      tickets.every((ticket, index) => ticket === this.#tickets[index]);
    const made = isThat ? this.#made : undefined;
    this.forget();
    return made;
  }

  forget(): void {
    this.#made = undefined;
    this.#tickets = [];
    this.#head = undefined;
  }
}
