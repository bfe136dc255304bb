import type { ErrorCode } from '@lastro/contract';
import { checkAnswers } from './check-answers.ts';
import { checkJournal } from './check-journal.ts';
import { checkReads } from './check-reads.ts';
import { claim, type Claims } from './claim.ts';
import type { History } from './history.ts';
import { Moments } from './moments.ts';
import { checkOrder, createCeiling } from './real-time.ts';
import { replay } from './replay.ts';
import { isRead } from './request.ts';
import type { Violation } from './violation.ts';

export interface Judgement {
  readonly violations: readonly Violation[];
  readonly tally: Tally;
}

/** What a history went through, for those who require that it went through something. */
export interface Tally {
  readonly events: number;
  /** Reads that were answered. */
  readonly reads: number;
  /** How many answers had each code. */
  readonly codes: ReadonlyMap<ErrorCode, number>;
  /** The types of its events. */
  readonly facts: ReadonlySet<string>;
  /** Answers that were marked as given before. */
  readonly replays: number;
  /** Asks that never heard what became of them. */
  readonly unknown: number;
  /** Commands of unknown outcome that turned out to stand when they were sent again. */
  readonly stood: number;
  /** Commands of unknown outcome that came about only when they were sent again. */
  readonly fresh: number;
}

/**
 * Judges a history: replays the bank's own order through the slow model and requires that every
 * answer and read fits there, that everything recorded was asked for, that nothing acknowledged is
 * missing, and that nothing precedes what had finished before it began.
 */
export function checkHistory(history: History): Judgement {
  const claims = claim(history);
  const replayed = replay(history, claims);
  const moments = new Moments(history.blocks);
  const ceiling = createCeiling(claims.recorded, history.events.length - 1);
  const world = { history, claims, replayed, moments, ceiling };
  const violations = [
    ...checkJournal(history),
    ...claims.violations,
    ...replayed.violations,
    ...checkOrder(claims.recorded),
    ...checkAnswers(world),
    // Where the model and the bank have parted, it can't say what a read should show.
    ...(replayed.isWhole ? checkReads(world) : []),
  ];
  return { violations, tally: tallyOf(history, claims) };
}

/** Violations as one text with the seed; empty when there are none. */
export function explain(seed: number, violations: readonly Violation[]): string {
  if (violations.length === 0) return '';
  const shown = violations.slice(0, SHOWN_MAX).map(({ rule, text }) => `- ${rule}: ${text}`);
  return [`LASTRO_SEED=${seed}: ${violations.length} violations`, ...shown].join('\n');
}

const SHOWN_MAX = 20;

function tallyOf({ events, invocations }: History, claims: Claims): Tally {
  const codes = new Map<ErrorCode, number>();
  let replays = 0;
  let unknown = 0;
  for (const { code, answer, verdict } of claims.asks) {
    if (code !== null) codes.set(code, (codes.get(code) ?? 0) + 1);
    if (answer?.isReplayed === true) replays += 1;
    if (verdict === 'unknown') unknown += 1;
  }
  let stood = 0;
  let fresh = 0;
  for (const { asks } of claims.recorded) {
    const unknowns = asks.filter(({ verdict: is }) => is === 'unknown');
    const settled = asks.filter(({ verdict: is }) => is === 'settled');
    const silentUntil = Math.max(...unknowns.map(({ invocation }) => invocation.end));
    // Only where nothing else can have told, sending it again did.
    const isTold = settled.some(({ invocation }) => invocation.start < silentUntil);
    if (unknowns.length === 0 || settled.length === 0 || isTold) continue;
    if (settled.every(({ answer }) => answer?.isReplayed === true)) stood += 1;
    else fresh += 1;
  }
  const reads = invocations.filter(({ request, answer }) => isRead(request) && answer !== null);
  const facts = new Set(events.map(({ type }) => type));
  return {
    events: events.length,
    facts,
    reads: reads.length,
    codes,
    replays,
    unknown,
    stood,
    fresh,
  };
}
