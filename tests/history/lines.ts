import type { AccountStatus } from '@lastro/core';

// What the model said of each thing, so that any moment can be looked at again.

/** A value that something had from the event of number `seq` on. */
export interface Since<Value> {
  readonly seq: number;
  readonly value: Value;
}

/** Something as it is answered. */
export type Body = Readonly<Record<string, unknown>>;

/** A transfer, a transaction, an order or a hold, each time as it is answered. */
export type Line = Since<Body>[];

export interface PlaceState {
  readonly balance: bigint;
  /** Promised to leave. */
  readonly held: bigint;
  /** Promised to arrive. */
  readonly coming: bigint;
  readonly creditLimit: bigint | null;
  readonly maximumBalance: bigint | null;
  readonly status: AccountStatus;
  /** Milliseconds since 1970; it may be over. */
  readonly leasedUntil: number | null;
  readonly version: number;
}

export interface PlaceLine {
  readonly id: string;
  readonly asset: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly openedAt: string;
  readonly openedSeq: number;
  readonly changes: Since<PlaceState>[];
  readonly entries: Since<EntryLine>[];
}

export interface EntryLine {
  readonly transferId: string;
  readonly direction: 'in' | 'out';
  readonly amount: number;
  readonly counterparty: string;
  readonly balanceAfter: number;
  readonly at: string;
}

export interface ProductLine {
  readonly sku: string;
  readonly asset: string;
  readonly merchant: string | null;
  readonly editions: Since<{
    readonly name: string;
    readonly price: number;
    readonly version: number;
  }>[];
}

/** The newest value at `seq`; undefined before the first. */
export function valueAt<Value>(line: readonly Since<Value>[], seq: number): Value | undefined {
  return line.findLast((since) => since.seq <= seq)?.value;
}

/** The number of the event that made it. */
export function bornAt(line: readonly Since<unknown>[]): number {
  return line[0]?.seq ?? Infinity;
}

/** Milliseconds since 1970 as they are written. */
export function timeText(at: number): string {
  return new Date(at).toISOString();
}

export function numberOf(limit: bigint | null): number | null {
  return limit === null ? null : Number(limit);
}
