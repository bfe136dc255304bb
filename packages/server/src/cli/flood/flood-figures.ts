import type { LastroError } from '@lastro/client';
import type { Percentiles } from '../../engine/histogram.ts';
import { runFlood, type Send } from './run-flood.ts';
import { Tally } from './tally.ts';

/** What became of the commands of a flood. */
export interface FloodFigures {
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
}

export interface ShownFlood {
  readonly count: number;
  /** Commands under way at once. */
  readonly concurrency: number;
  /** Draws the next command. */
  readonly next: () => Send;
  /** Aborted: nothing new is begun, and what is under way gets its answer. */
  readonly signal: AbortSignal;
  /** Begins to show progress; what it returns ends that. */
  readonly show: (tally: Tally) => () => void;
}

export interface Flooded {
  readonly figures: FloodFigures;
  /** Why not everything could be done, when it couldn't. */
  readonly failure: LastroError | undefined;
}

/** Sends the commands and counts what becomes of them. */
export async function floodAndCount({
  count,
  concurrency,
  next,
  signal,
  show,
}: ShownFlood): Promise<Flooded> {
  const tally = new Tally();
  const stopShowing = show(tally);
  const begin = performance.now();
  let failure;
  try {
    failure = await runFlood({ count, concurrency, next, tally, signal });
  } finally {
    stopShowing();
  }
  const seconds = (performance.now() - begin) / 1_000;
  const figures = {
    accepted: tally.accepted,
    refused: { total: tally.refusedTotal, byCode: byCount(tally.refused) },
    unknownSettled: tally.unknownSettled,
    unanswered: tally.unanswered,
    interrupted: signal.aborted && tally.begun < count,
    latencyMs: tally.latenciesMs.percentiles(),
    seconds,
    rate: seconds > 0 ? tally.decided / seconds : 0,
  };
  return { figures, failure };
}

/** The most frequent code first. */
function byCount(refused: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...refused].toSorted(([, left], [, right]) => right - left));
}
