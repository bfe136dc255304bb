import { setTimeout as sleep } from 'node:timers/promises';

/** Asks `holds` again every `intervalMs` until it does or `timeoutMs` has passed; says which. */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  intervalMs = 25,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(intervalMs);
  }
}
