import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MIN_MS = 50;
const PAUSE_MAX_MS = 5_000;

/** As long as an order that was answered 202 waits for a bank that is away. */
const PATIENCE_MS = 3_600_000;

export interface PersistOptions {
  /** Whether trying again can help. */
  readonly isTransient: (error: unknown) => boolean;
  readonly signal: AbortSignal;
  readonly random: () => number;
}

/**
 * Tries until `attempt` succeeds, with growing pauses and jitter. Rejects with the last error when
 * that one is final, an hour has passed or the signal is aborted.
 */
export async function persist<Result>(
  attempt: () => Promise<Result>,
  { isTransient, signal, random }: PersistOptions,
): Promise<Result> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || signal.aborted || performance.now() > giveUpAt) throw error;
    }
    await sleep(pauseMs / 2 + random() * pauseMs, undefined, { signal });
  }
}
