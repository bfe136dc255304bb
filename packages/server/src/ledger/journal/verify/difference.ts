/** What a difference is found in: a table of the ledger, the checkpoints, or an exported file. */
export type DifferenceTable =
  | 'block'
  | 'head'
  | 'account'
  | 'transfer'
  | 'transaction'
  | 'product'
  | 'orders'
  | 'order_line'
  | 'outcome'
  | 'hold'
  | 'hold_leg'
  | 'hold_open'
  | 'hold_end'
  | 'lease'
  | 'reversal'
  | 'order_cancellation'
  | 'cross_transaction'
  | 'consent'
  | 'checkpoint'
  | 'file';

/**
 * `different`: a column of a row isn't what the journal gives. `missing`: the journal gives a row
 * that doesn't stand. `unexpected`: a row stands that no event gives. `broken`: the journal itself
 * breaks a rule, and `expected` says which.
 */
export type DifferenceKind = 'different' | 'missing' | 'unexpected' | 'broken';

/** One row that isn't what it should be. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly table: DifferenceTable;
  /** The block that it belongs to; null: no block does. */
  readonly block: number | null;
  /** Of the event that last changed the row; null where there is none. */
  readonly seq: number | null;
  /** Public id of the row. */
  readonly row: string;
  /** The first column that differs; null: the whole row. */
  readonly column: string | null;
  /** What the journal gives, or the rule that is broken. */
  readonly expected: string | null;
  readonly found: string | null;
}

/** Tables whose differences are of the journal itself, not of what was made from it. */
const OF_THE_JOURNAL: ReadonlySet<DifferenceTable> = new Set(['block', 'checkpoint', 'file']);

/** Keeps the first difference in the bank's order and counts all. */
export class Differences {
  #first: Difference | null = null;
  #total = 0;
  #ofTheJournal = 0;
  readonly #byTable = new Map<DifferenceTable, number>();

  add(difference: Difference): void {
    this.#total += 1;
    this.#byTable.set(difference.table, (this.#byTable.get(difference.table) ?? 0) + 1);
    if (OF_THE_JOURNAL.has(difference.table)) this.#ofTheJournal += 1;
    if (this.#first === null || placeOf(difference) < placeOf(this.#first)) {
      this.#first = difference;
    }
  }

  /** The one of the lowest block; of one block, the one found first. */
  get first(): Difference | null {
    return this.#first;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether blocks, chain and checkpoints are right, whatever the tables say. */
  get isJournalSound(): boolean {
    return this.#ofTheJournal === 0;
  }

  get byTable(): Readonly<Partial<Record<DifferenceTable, number>>> {
    return Object.fromEntries(this.#byTable);
  }
}

function placeOf({ block }: Difference): number {
  return block ?? Number.POSITIVE_INFINITY;
}
