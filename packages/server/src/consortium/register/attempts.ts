import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from './home.ts';
import type { RegisterLimits } from './limits.ts';

export interface AttemptOptions {
  readonly limits: RegisterLimits;
  /** When to give up, on the clock of `performance.now()`. */
  readonly endsAt: number;
  /** Aborted when the register closes. */
  readonly closing: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
}

/** `effect` is `unknown` as soon as one try may have been taken, whatever the later ones said. */
export type Settled<Result> = Attempt<Result> & { readonly wasUnknown: boolean };

/** Tries a step until it is done or guarded, or the deadline has passed. */
export async function tryUntilSettled<Result>(
  step: (signal: AbortSignal) => Promise<Attempt<Result>>,
  { limits, endsAt, closing, random }: AttemptOptions,
): Promise<Settled<Result>> {
  let wasUnknown = false;
  let reason = 'the deadline passed before anything was tried';
  for (let tries = 0; !closing.aborted; tries += 1) {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) return { ...away(wasUnknown, reason), wasUnknown };
    const attempt = await tryOnce(step, Math.min(leftMs, limits.attemptTimeoutMs), closing);
    if (attempt.kind !== 'away') return { ...attempt, wasUnknown };
    wasUnknown ||= attempt.effect === 'unknown';
    reason = attempt.reason;
    if (attempt.isLasting === true) return { ...away(wasUnknown, reason), wasUnknown };
    const longest = Math.min(limits.pauseFirstMs * 2 ** tries, limits.pauseLongestMs);
    const pause = Math.min(longest * (0.5 + random() / 2), endsAt - performance.now());
    if (pause > 0) await sleep(pause, undefined, { signal: closing }).catch(() => undefined);
  }
  return { ...away(wasUnknown, 'this process closes its register'), wasUnknown };
}

function away(wasUnknown: boolean, reason: string): Attempt<never> {
  return { kind: 'away', effect: wasUnknown ? 'unknown' : 'none', reason };
}

async function tryOnce<Result>(
  step: (signal: AbortSignal) => Promise<Attempt<Result>>,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<Attempt<Result>> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  closing.addEventListener('abort', abort, { once: true });
  try {
    return await step(controller.signal);
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', abort);
  }
}
