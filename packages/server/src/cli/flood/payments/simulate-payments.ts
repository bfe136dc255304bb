import type { CallOptions, LastroError } from '@lastro/client';
import { v7 as uuidV7 } from 'uuid';
import { BOOKS_DEADLINE_MS, readBooks, type BooksVerdict } from '../books-verdict.ts';
import { chanceOf } from '../chance.ts';
import { floodAndCount, type FloodFigures, type ShownFlood } from '../flood-figures.ts';
import { decided } from './decided.ts';
import { drawPayment } from './draw-payment.ts';
import { gather, type Gathering } from './gathering.ts';
import type { PayingBank } from './paying-bank.ts';
import { positionsWhenQuiet, type MutualPosition } from './positions.ts';

/** What the payments between banks came to. */
export interface PaymentsReport extends FloodFigures {
  readonly simulation: 'payments';
  readonly seed: number;
  readonly count: number;
  readonly concurrency: number;
  readonly gathering: Gathering;
  /** Of every bank, taken afterwards; `books` is null where they could not be had. */
  readonly books: readonly { readonly bank: string; readonly books: BooksVerdict | null }[];
  /** Null: the banks were not through with each other in time. */
  readonly positions: readonly MutualPosition[] | null;
}

export interface PaymentsRequest extends Pick<
  ShownFlood,
  'count' | 'concurrency' | 'signal' | 'show'
> {
  /** At least two, each with customers. */
  readonly banks: readonly PayingBank[];
  readonly seed: number;
}

export interface PaymentsSimulated {
  readonly report: PaymentsReport;
  /** Why not everything could be done, when it couldn't. */
  readonly failure: LastroError | undefined;
}

/**
 * Customers of every bank pay customers of the others, many at once, and a customer of each pays one together; then
 * every bank is asked whether its books add up, and each two whether they agree on what they owe each other.
 * Rejects with `LastroError` when that could not be asked.
 */
export async function simulatePayments(request: PaymentsRequest): Promise<PaymentsSimulated> {
  const { banks, seed, count, concurrency, signal, show } = request;
  const chance = chanceOf(seed);
  const next = () => {
    const { by, transfer } = drawPayment(banks, chance);
    const withId = { ...transfer, id: uuidV7() };
    return (options: CallOptions) =>
      decided((each) => by.client.across.transfer(withId, each), options);
  };
  const { figures, failure } = await floodAndCount({ count, concurrency, next, signal, show });
  const gathering = await gather(banks);
  const positions = await positionsWhenQuiet(banks);
  const books = await Promise.all(
    banks.map(async ({ id, client }) => ({
      bank: id,
      books: (await readBooks(client, BOOKS_DEADLINE_MS)).books,
    })),
  );
  const asked = { simulation: 'payments', seed, count, concurrency } as const;
  const report = { ...asked, ...figures, gathering, books, positions: positions ?? null };
  return { report, failure: signal.aborted ? undefined : failure };
}
