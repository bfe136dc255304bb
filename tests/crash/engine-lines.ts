import type { Envelope } from '@lastro/core';

/** What `engine-process.ts` says of one command (in `fixtures`). */
export interface Answer {
  readonly id: string;
  /** The type of the fact; `unknown: …` when there is none. */
  readonly word: string;
  readonly seq: number | null;
}

/** One command as a line; amounts are written as `"12n"`. */
export function writeLine(envelope: Envelope): string {
  return JSON.stringify(envelope, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

export function readLine(line: string): Envelope {
  const revive = (_: string, value: unknown): unknown =>
    typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
  return JSON.parse(line, revive) as Envelope;
}
