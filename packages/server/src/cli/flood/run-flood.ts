import { setTimeout as sleep } from 'node:timers/promises';
import { LastroError, type CallOptions } from '@lastro/client';
import type { Tally } from './tally.ts';

/** Sends one command under its own id: the same bytes however often it is called. Rejects with `LastroError`. */
export type Send = (options: CallOptions) => Promise<unknown>;

export interface FloodBounds {
  /** The first call's: what has no answer by then counts as unknown, and is asked for again. */
  readonly firstDeadlineMs: number;
  /** Of each further call under the same id. */
  readonly deadlineMs: number;
  /** A command without a definite answer for so long ends the flood. */
  readonly patienceMs: number;
  /** Between two calls of one command, half of it to all of it. */
  readonly pauseMs: number;
}

const FLOOD_BOUNDS: FloodBounds = {
  firstDeadlineMs: 2_000,
  deadlineMs: 10_000,
  patienceMs: 60_000,
  pauseMs: 200,
};

export interface Flood {
  readonly count: number;
  /** Commands under way at once. */
  readonly concurrency: number;
  /** Draws the next command. */
  readonly next: () => Send;
  readonly tally: Tally;
  /** Aborted: nothing new is begun, and what is under way gets its answer. */
  readonly signal: AbortSignal;
  readonly bounds?: FloodBounds;
}

/**
 * Sends commands until all are decided; resolves to what ended it early: the bank stayed silent, or
 * refuses the caller rather than the command. Memory doesn't grow with `count`.
 */
export async function runFlood(flood: Flood): Promise<LastroError | undefined> {
  const { count, concurrency, next, tally, signal } = flood;
  const failures: LastroError[] = [];
  const work = async (): Promise<void> => {
    while (tally.begun < count && failures.length === 0 && !signal.aborted) {
      tally.begun += 1;
      const failure = await settle(next(), flood);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, concurrency) }, work));
  return failures[0];
}

/** Sends a command, again under its id while its fate is open; what ends the flood, when something does. */
async function settle(send: Send, flood: Flood): Promise<LastroError | undefined> {
  const { tally, signal, bounds = FLOOD_BOUNDS } = flood;
  const begin = performance.now();
  let deadlineMs = bounds.firstDeadlineMs;
  let wasUnknown = false;
  for (;;) {
    const failure = await failureOf(send({ deadlineMs }));
    const latencyMs = performance.now() - begin;
    if (failure === undefined || isDecision(failure)) {
      tally.decide(failure?.code, latencyMs, wasUnknown);
      return undefined;
    }
    const isOver = failure.kind === 'refused' || signal.aborted || latencyMs > bounds.patienceMs;
    if (isOver) {
      tally.unanswered += 1;
      return failure;
    }
    wasUnknown ||= failure.kind === 'outcome_unknown';
    deadlineMs = bounds.deadlineMs;
    await sleep(bounds.pauseMs * (0.5 + Math.random() / 2));
  }
}

async function failureOf(call: Promise<unknown>): Promise<LastroError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof LastroError) return error;
    throw error;
  }
}

/** The bank decided on the command itself: other refusals (no such key, no such route) would meet every command. */
function isDecision({ kind, status = 0 }: LastroError): boolean {
  return (
    kind === 'refused' && (status === 409 || status === 412 || status === 422 || status >= 500)
  );
}
