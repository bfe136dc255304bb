import type { consortium } from '@lastro/core';
import { ChurningMap } from '../../engine/churning-map.ts';

type Leg = consortium.Leg;

/** How much may be under way with one peer. */
export interface InFlightLimits {
  /** Transactions. */
  readonly countMax: number;
  /** Minor units by asset; one that is missing is without bound. */
  readonly valueMax: ReadonlyMap<string, bigint>;
}

/** What is under way with one peer, as this process knows it. */
export interface InFlight {
  readonly count: number;
  /** Minor units by asset, both directions added up. */
  readonly values: ReadonlyMap<string, bigint>;
}

type Shares = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

const NOTHING: InFlight = { count: 0, values: new Map() };

/**
 * Counts what is under way with each peer, so that one that stops answering ties up no more of our
 * customers' money than its limits say.
 */
export class InFlightBounds {
  readonly #ownBank: string;
  readonly #limitsOf: (bank: string) => InFlightLimits | undefined;
  /** What each transaction takes, by its id. */
  readonly #taken = new ChurningMap<Shares>();
  readonly #sums = new Map<string, InFlight>();

  constructor(ownBank: string, limitsOf: (bank: string) => InFlightLimits | undefined) {
    this.#ownBank = ownBank;
    this.#limitsOf = limitsOf;
  }

  of(bank: string): InFlight {
    return this.#sums.get(bank) ?? NOTHING;
  }

  /** Takes what the transaction needs; otherwise takes nothing and names the bank that is full. */
  take(id: string, legs: readonly Leg[]): string | undefined {
    if (this.#taken.has(id)) return undefined;
    const shares = sharesOf(this.#ownBank, legs);
    for (const [bank, values] of shares) {
      if (!this.#fits(bank, values)) return bank;
    }
    this.#add(id, shares);
    return undefined;
  }

  /** Takes it whatever the limits say: it is under way already. */
  force(id: string, legs: readonly Leg[]): void {
    if (!this.#taken.has(id)) this.#add(id, sharesOf(this.#ownBank, legs));
  }

  release(id: string): void {
    const shares = this.#taken.get(id);
    if (shares === undefined) return;
    this.#taken.delete(id);
    for (const [bank, values] of shares) {
      const { count, values: before } = this.of(bank);
      if (count === 1) this.#sums.delete(bank);
      else this.#sums.set(bank, { count: count - 1, values: summed(before, values, -1n) });
    }
  }

  #fits(bank: string, values: ReadonlyMap<string, bigint>): boolean {
    const limits = this.#limitsOf(bank);
    if (limits === undefined) return false;
    const { count, values: before } = this.of(bank);
    if (count >= limits.countMax) return false;
    return [...values].every(([asset, value]) => {
      const max = limits.valueMax.get(asset);
      return max === undefined || (before.get(asset) ?? 0n) + value <= max;
    });
  }

  #add(id: string, shares: Shares): void {
    this.#taken.set(id, shares);
    for (const [bank, values] of shares) {
      const { count, values: before } = this.of(bank);
      this.#sums.set(bank, { count: count + 1, values: summed(before, values, 1n) });
    }
  }
}

/** By peer and asset, what the legs move between it and anybody. */
function sharesOf(ownBank: string, legs: readonly Leg[]): Shares {
  const shares = new Map<string, Map<string, bigint>>();
  for (const { from, to, amount, asset } of legs) {
    for (const bank of new Set([from.bank, to.bank])) {
      if (bank === ownBank) continue;
      const values = shares.get(bank) ?? new Map<string, bigint>();
      values.set(asset, (values.get(asset) ?? 0n) + amount);
      shares.set(bank, values);
    }
  }
  return shares;
}

function summed(
  before: ReadonlyMap<string, bigint>,
  values: ReadonlyMap<string, bigint>,
  sign: 1n | -1n,
): ReadonlyMap<string, bigint> {
  const after = new Map(before);
  for (const [asset, value] of values) {
    const sum = (after.get(asset) ?? 0n) + sign * value;
    if (sum === 0n) after.delete(asset);
    else after.set(asset, sum);
  }
  return after;
}
