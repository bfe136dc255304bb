import type { Hold, HoldEnd } from '@lastro/core';
import type { HoldRows } from '../store/row-types.ts';
import { presentIn, type LoadedFacts } from './loaded-facts.ts';
import type { Known, RowCache } from './row-cache.ts';

/** The holds that one block sees and changes: as they stood below, its own changes above. */
export class BlockHolds {
  readonly #before: LoadedFacts['holds'];
  readonly #cache: RowCache;
  readonly #changed = new Map<string, Hold>();

  constructor(before: LoadedFacts['holds'], cache: RowCache) {
    this.#before = before;
    this.#cache = cache;
  }

  get(id: string): Hold | undefined {
    const inBlock = this.#changed.get(id);
    if (inBlock !== undefined) return inBlock;
    const known = this.#known(id);
    if (known === undefined) throw new Error(`hold ${id} was not loaded`);
    return presentIn(known);
  }

  /** Whether the block saw a hold of this id. */
  has(id: string): boolean {
    return this.#changed.has(id);
  }

  put(hold: Hold): void {
    this.#changed.set(hold.id, hold);
  }

  /** The earliest expiry among the holds that the block placed or extended; undefined: none. */
  get nextExpiry(): number | undefined {
    let next: number | undefined;
    for (const { end, expiresAt } of this.#changed.values()) {
      if (end !== null || expiresAt === null) continue;
      if (next === undefined || expiresAt < next) next = expiresAt;
    }
    return next;
  }

  /** Of the changed, those that a cross-bank transaction owns. */
  get owned(): readonly Hold[] {
    return [...this.#changed.values()].filter(({ owner }) => owner !== null);
  }

  #known(id: string): Known<Hold> | undefined {
    return this.#before.get(id) ?? this.#cache.ownedHolds.get(id);
  }

  rows(numberOf: (account: string) => number): HoldRows {
    const everyChanged = [...this.#changed.values()];
    const wasPending = ({ id }: Hold) => presentIn(this.#known(id)) !== undefined;
    const isNew = (hold: Hold) => !wasPending(hold);
    // How one ends that a cross-bank transaction owns, that transaction's row says.
    const changed = everyChanged.filter(({ owner }) => owner === null);
    const ended = changed.filter(hasEnded);
    const placed = changed.filter(isNew);
    const legs = everyChanged.filter(isNew).flatMap(({ seq, legs: promised }) =>
      promised.map((leg, index) => ({
        holdSeq: seq,
        index,
        leg,
        fromNumber: numberOf(leg.from),
        toNumber: numberOf(leg.to),
      })),
    );
    const open = changed.filter(({ end }) => end === null);
    return { placed, legs, ended, open, closed: ended.filter(wasPending) };
  }
}

function hasEnded(hold: Hold): hold is Hold & { readonly end: HoldEnd } {
  return hold.end !== null;
}
