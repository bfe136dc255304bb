import { LastroError, type LastroClient } from '@lastro/client';
import type { Consistency } from '@lastro/contract';
import type { Percentiles } from '../../engine/histogram.ts';
import { runFlood, type Send } from './run-flood.ts';
import { Tally } from './tally.ts';

/** What a simulation found; this is also its `--output json`. */
export interface SimulationReport {
  readonly simulation: 'orders' | 'transfers';
  readonly url: string;
  /** With the same seed the same commands are drawn from the same bank. */
  readonly seed: number;
  readonly count: number;
  readonly concurrency: number;
  /** The product that a share of the orders asked for. */
  readonly hotProduct: { readonly sku: string; readonly share: number } | null;
  readonly accepted: number;
  readonly refused: {
    readonly total: number;
    readonly byCode: Readonly<Record<string, number>>;
  };
  /** Decided after an answer that had left it open, by sending the same id again. */
  readonly unknownSettled: number;
  readonly unanswered: number;
  /** Asked to stop before all commands were begun. */
  readonly interrupted: boolean;
  /** From the first try to the definite answer; right to within 5 %. */
  readonly latencyMs: Percentiles;
  readonly seconds: number;
  /** Commands decided per second. */
  readonly rate: number;
  /** The bank's consistency report, taken afterwards; null when it could not be had. */
  readonly books: BooksVerdict | null;
}

export interface BooksVerdict {
  readonly ok: boolean;
  readonly block: number;
  readonly seq: number;
  readonly checks: number;
  readonly broken: readonly Pick<Consistency['invariants'][number], 'id' | 'title' | 'offenders'>[];
}

export interface Simulation extends Pick<
  SimulationReport,
  'simulation' | 'url' | 'seed' | 'count' | 'concurrency' | 'hotProduct'
> {
  readonly client: LastroClient;
  readonly next: () => Send;
  readonly signal: AbortSignal;
  /** Begins to show progress; what it returns ends that. */
  readonly show: (tally: Tally) => () => void;
}

export interface Simulated {
  readonly report: SimulationReport;
  /** Why not everything could be done, when it couldn't. */
  readonly failure: LastroError | undefined;
}

/** A large ledger takes a while to check. */
const BOOKS_DEADLINE_MS = 120_000;
/** A bank that was silent a moment ago is not waited for again. */
const BOOKS_DEADLINE_AFTER_FAILURE_MS = 5_000;

/** Sends the commands, then asks the bank whether its books add up. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const { client, next, signal, show, ...asked } = simulation;
  const { count, concurrency } = asked;
  const tally = new Tally();
  const stopShowing = show(tally);
  const begin = performance.now();
  let floodFailure;
  try {
    floodFailure = await runFlood({ count, concurrency, next, tally, signal });
  } finally {
    stopShowing();
  }
  const seconds = (performance.now() - begin) / 1_000;
  const { books, failure: booksFailure } = await readBooks(
    client,
    floodFailure === undefined ? BOOKS_DEADLINE_MS : BOOKS_DEADLINE_AFTER_FAILURE_MS,
  );
  const report: SimulationReport = {
    ...asked,
    accepted: tally.accepted,
    refused: { total: tally.refusedTotal, byCode: byCount(tally.refused) },
    unknownSettled: tally.unknownSettled,
    unanswered: tally.unanswered,
    interrupted: signal.aborted && tally.begun < count,
    latencyMs: tally.latenciesMs.percentiles(),
    seconds,
    rate: seconds > 0 ? tally.decided / seconds : 0,
    books,
  };
  return { report, failure: signal.aborted ? booksFailure : (floodFailure ?? booksFailure) };
}

/** The most frequent code first. */
function byCount(refused: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...refused].toSorted(([, left], [, right]) => right - left));
}

async function readBooks(
  client: LastroClient,
  deadlineMs: number,
): Promise<{ readonly books: BooksVerdict | null; readonly failure?: LastroError }> {
  try {
    const { ok, block, seq, invariants } = await client.consistency({ deadlineMs });
    const broken = invariants
      .filter((invariant) => !invariant.ok)
      .map(({ id, title, offenders }) => ({ id, title, offenders }));
    return {
      books: { ok: ok && broken.length === 0, block, seq, checks: invariants.length, broken },
    };
  } catch (error) {
    if (error instanceof LastroError) return { books: null, failure: error };
    throw error;
  }
}
