import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 15;

/**
 * Waits until the condition holds and gives its value; what it throws counts as "not yet". Rejects
 * when the deadline has passed.
 */
export async function eventually<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
  deadlineMs = 10_000,
): Promise<Exclude<Value, false | undefined | null>> {
  const end = performance.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (isHeld(value)) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= end) {
      throw new Error(`within ${deadlineMs} ms it did not come true that ${what}`, { cause: last });
    }
    await sleep(PAUSE_MS);
  }
}

function isHeld<Value>(value: Value): value is Exclude<Value, false | undefined | null> {
  return value !== false && value !== undefined && value !== null;
}
