import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'undici';
import { backoffMs } from './backoff.ts';
import { exchange, type HttpRequest } from './exchange.ts';
import { LastroError } from './lastro-error.ts';
import { judge, type Verdict } from './verdict.ts';

/** A request and what repeating it would mean. */
export interface Call extends HttpRequest {
  /**
   * - `read`: changes nothing.
   * - `command`: has an id, so a repeat gets the one outcome.
   * - `once`: has none; repeated only when it certainly was not taken.
   */
  readonly effect: 'read' | 'command' | 'once';
  readonly commandId: string | undefined;
}

export interface Patience {
  /** From the call to its answer, all tries and pauses included. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly triesMax: number;
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
}

type Failed = Extract<Verdict, { readonly kind: 'failed' }>;

/**
 * Sends a call, again where that is harmless and can help, until an answer is definite or the deadline
 * passes. Resolves to the answer's text; rejects with `LastroError`.
 */
export async function perform(pool: Pool, call: Call, patience: Patience): Promise<string> {
  const end = performance.now() + patience.deadlineMs;
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new Error(`the deadline of ${patience.deadlineMs} ms passed`));
  }, patience.deadlineMs);
  const signal =
    patience.signal === undefined
      ? deadline.signal
      : AbortSignal.any([deadline.signal, patience.signal]);
  let mayHaveActed = false;
  try {
    for (let tries = 1; ; tries += 1) {
      const verdict = judge(await exchange(pool, call, signal), Date.now());
      if (verdict.kind === 'done') return verdict.text;
      mayHaveActed = verdict.mayHaveActed || (mayHaveActed && !verdict.settles);
      const waitMs = backoffMs(tries, verdict.waitMs, patience.random());
      const mayRepeat = tries < patience.triesMax && performance.now() + waitMs < end;
      const isRepeated =
        mayRepeat && isWorthRepeating(call, verdict) && (await isUndisturbed(waitMs, signal));
      if (!isRepeated) {
        const isAborted = patience.signal?.aborted === true;
        throw failureOf(call, verdict, { tries, mayHaveActed, isAborted });
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function isWorthRepeating(call: Call, verdict: Failed): boolean {
  // Who wants to wait for a bank that is away says so: `"onUnavailable": "queue"`.
  if (verdict.code === 'peer_unavailable') return false;
  return verdict.isRetryable && (call.effect !== 'once' || !verdict.mayHaveActed);
}

/** Waits; false when the signal cut it short. */
async function isUndisturbed(waitMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(waitMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

interface Course {
  readonly tries: number;
  readonly mayHaveActed: boolean;
  readonly isAborted: boolean;
}

function failureOf(call: Call, verdict: Failed, course: Course): LastroError {
  const isUnknown = course.mayHaveActed && call.effect !== 'read';
  const isRefused = !verdict.isRetryable && verdict.status !== undefined && verdict.status !== 503;
  const what = `${call.method} ${call.path.split('?')[0] ?? ''}`;
  return new LastroError({
    kind: isUnknown ? 'outcome_unknown' : isRefused ? 'refused' : 'unavailable',
    code: course.isAborted ? 'aborted' : verdict.code,
    message: `${what}: ${course.isAborted ? 'the call was aborted' : verdict.message}`,
    tries: course.tries,
    status: verdict.status,
    problem: verdict.problem,
    commandId: call.commandId,
    cause: verdict.cause,
  });
}
