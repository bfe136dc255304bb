/** Waits for what several wait for, each by its own signal: gives `instead` as soon as that is aborted. */
export async function untilAborted<Value>(
  awaited: Promise<Value>,
  signal: AbortSignal,
  instead: Value,
): Promise<Value> {
  const { promise, resolve } = Promise.withResolvers<Value>();
  const giveUp = () => resolve(instead);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([awaited, promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
