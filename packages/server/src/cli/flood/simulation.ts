import type { LastroClient, LastroError } from '@lastro/client';
import {
  BOOKS_DEADLINE_AFTER_FAILURE_MS,
  BOOKS_DEADLINE_MS,
  readBooks,
  type BooksVerdict,
} from './books-verdict.ts';
import { floodAndCount, type FloodFigures, type ShownFlood } from './flood-figures.ts';

/** What a simulation found; this is also its `--output json`. */
export interface SimulationReport extends FloodFigures {
  readonly simulation: 'orders' | 'transfers';
  readonly url: string;
  /** With the same seed the same commands are drawn from the same bank. */
  readonly seed: number;
  readonly count: number;
  readonly concurrency: number;
  /** The product that a share of the orders asked for. */
  readonly hotProduct: { readonly sku: string; readonly share: number } | null;
  /** The bank's consistency report, taken afterwards; null when it could not be had. */
  readonly books: BooksVerdict | null;
}

export interface Simulation
  extends
    ShownFlood,
    Pick<SimulationReport, 'simulation' | 'url' | 'seed' | 'count' | 'concurrency' | 'hotProduct'> {
  readonly client: LastroClient;
}

export interface Simulated {
  readonly report: SimulationReport;
  /** Why not everything could be done, when it couldn't. */
  readonly failure: LastroError | undefined;
}

/** Sends the commands, then asks the bank whether its books add up. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const { client, next, signal, show, ...asked } = simulation;
  const { count, concurrency } = asked;
  const flooded = await floodAndCount({ count, concurrency, next, signal, show });
  const { books, failure: booksFailure } = await readBooks(
    client,
    flooded.failure === undefined ? BOOKS_DEADLINE_MS : BOOKS_DEADLINE_AFTER_FAILURE_MS,
  );
  const report = { ...asked, ...flooded.figures, books };
  return { report, failure: signal.aborted ? booksFailure : (flooded.failure ?? booksFailure) };
}
