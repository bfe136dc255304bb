/** Core's integers on the wire. */

/** A bigint that the rules keep within ±(2^53 − 1), as a JSON integer. */
export function toJsonInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`${value} can't leave as a JSON integer`);
  return number;
}

/** A bigint that may pass 2^53 − 1: decimal text then. */
export function toWideInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** RFC 3339, UTC, from milliseconds since 1970. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
