import type { Position } from './position.ts';

/**
 * What a home of the register must do: one linearizable step at a time, tried once. Deadlines,
 * repeats, bounds and pins are the register's (`homed-register.ts`), the same for every home.
 */

/** What the register must still be for a step to have any effect; judged in the same transaction. */
export type Guard = Position;

/** Marks what one call wrote, so that a repeated call knows its own work. A UUID. */
export type Tag = string;

export interface Claim {
  readonly key: string;
  readonly value: Buffer;
  readonly tag: Tag;
}

export interface TaggedEntry {
  readonly key: string;
  readonly value: Buffer;
  readonly revision: bigint;
  readonly tag: Tag;
}

/** What stands under a claimed key after the step; whose it is tells the tag. */
export type Standing =
  | { readonly kind: 'stands'; readonly entry: TaggedEntry }
  | { readonly kind: 'below_floor'; readonly floor: string };

export interface Swap {
  readonly key: string;
  readonly revision: bigint;
  /** Null deletes. */
  readonly value: Buffer | null;
  readonly tag: Tag;
}

export type Swapped =
  | { readonly kind: 'swapped'; readonly entry: TaggedEntry | null }
  | { readonly kind: 'changed'; readonly entry: TaggedEntry | null };

export interface Retirement {
  readonly coordinator: string;
  readonly floor: string;
  readonly ids: readonly string[];
}

/** Keys that begin with the prefix, past `after` where it is given. */
export interface KeyRange {
  readonly prefix: string;
  readonly after: string | null;
  readonly limit: number;
}

/** What came of trying a step once. */
export type Attempt<Result> =
  | { readonly kind: 'done'; readonly position: Position; readonly result: Result }
  /** The guard didn't hold: nothing was done. */
  | { readonly kind: 'guarded'; readonly seen: Position | null }
  | {
      readonly kind: 'away';
      readonly effect: 'none' | 'unknown';
      readonly reason: string;
      /** Trying again won't help before somebody has done something about it. */
      readonly isLasting?: boolean;
    };

/** Every step ends soon after its signal is aborted, and never rejects but for a defect. */
export interface RegisterHome {
  /**
   * Prepares the home where needed and says where it is. One without a generation gets the given one;
   * null gives none, for a bank that has pinned another.
   */
  establish(generation: string | null, signal: AbortSignal): Promise<Attempt<null>>;
  read(guard: Guard, key: string, signal: AbortSignal): Promise<Attempt<TaggedEntry | null>>;
  position(guard: Guard, signal: AbortSignal): Promise<Attempt<null>>;
  /** Claims of different keys, within `BATCH`; what stands for each, in their order. */
  create(
    guard: Guard,
    claims: readonly Claim[],
    signal: AbortSignal,
  ): Promise<Attempt<readonly Standing[]>>;
  swap(guard: Guard, swap: Swap, signal: AbortSignal): Promise<Attempt<Swapped>>;
  /** The floor that stands afterwards. */
  retire(guard: Guard, retirement: Retirement, signal: AbortSignal): Promise<Attempt<string>>;
  /** At most `limit` entries in the order of their keys. */
  list(
    guard: Guard,
    range: KeyRange,
    signal: AbortSignal,
  ): Promise<Attempt<readonly TaggedEntry[]>>;
  close(): Promise<void>;
}

/**
 * The most that one transaction carries. etcd allows 128 operations and 1.5 MiB, counts every level of
 * a nested transaction against the 128, and base64 of the JSON gateway doesn't count.
 */
export const BATCH = { claimsMax: 100, bytesMax: 1024 * 1024 } as const;
