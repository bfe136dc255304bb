import type pg from 'pg';

/** A place in a ledger; what came after it can be counted. */
export type Mark = number;

/** A database in which the effects of a load are counted again, apart from who carried it. */
export interface CountedLedger {
  /** Whether the load must leave no trace here: the constant answers of `noop`. */
  readonly isUntouched: boolean;
  mark(): Promise<Mark>;
  /**
   * Effects that are carried out by now, where that is later than their answer: a rate is of these.
   * Without it an answer says that all is done.
   */
  readonly carriedOut?: () => Promise<number>;
  /** Effects after the mark. */
  countSince(mark: Mark): Promise<number>;
  /** What is wrong with the books, as far as a quick look shows; empty: nothing. */
  complaints(): Promise<readonly string[]>;
}

/** The one number that a statement gives. */
export async function numberOf(
  client: pg.Client,
  text: string,
  values: readonly (string | number)[] = [],
): Promise<number> {
  const { rows } = await client.query<{ number: string | number }>(text, [...values]);
  const [row] = rows;
  if (row === undefined) throw new Error('a statement gave no number');
  return Number(row.number);
}
