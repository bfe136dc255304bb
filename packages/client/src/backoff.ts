const firstMs = 50;
const longestMs = 2_000;

/**
 * How long to wait before the next try, in milliseconds: exponential with full jitter, on top of what
 * the bank asked for.
 * @param tries made so far, at least 1
 * @param random in [0, 1)
 */
export function backoffMs(tries: number, askedForMs: number, random: number): number {
  const ceiling = Math.min(firstMs * 2 ** (tries - 1), longestMs);
  return askedForMs + random * ceiling;
}

/** `Retry-After` (RFC 9110, 10.2.3: seconds or an HTTP date) in milliseconds; 0 when absent or unreadable. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}
