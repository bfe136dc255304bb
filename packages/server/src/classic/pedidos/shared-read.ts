import { setTimeout as sleep } from 'node:timers/promises';

/** Between the beginnings of two reads, at least. */
const READ_EVERY_MS = 20;

/** A slow read is repeated so much less often that it takes at most a tenth of a connection. */
const REST_PER_WORK = 9;

/**
 * One read for all who ask while the one before it runs or rests. Whoever asks gets a read that
 * begins afterwards, so nobody is answered from before his own request.
 */
export function shareRead<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let next: Promise<Result> | undefined;
  let current: Promise<unknown> = Promise.resolve();
  let restUntil = Number.NEGATIVE_INFINITY;

  const begin = async (): Promise<Result> => {
    await current;
    const restMs = restUntil - performance.now();
    if (restMs > 0) await sleep(restMs);
    const beganAt = performance.now();
    const result = read();
    next = undefined;
    const settled = () => {
      const now = performance.now();
      restUntil = Math.max(beganAt + READ_EVERY_MS, now + (now - beganAt) * REST_PER_WORK);
    };
    current = result.then(settled, settled);
    return result;
  };

  return () => {
    next ??= begin();
    return next;
  };
}
