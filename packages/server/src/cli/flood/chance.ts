/** Draws that can be had again under their seed. */
export interface Chance {
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** True in so many of all cases; `share` is 0 to 1. */
  happens(share: number): boolean;
  /** Throws where there is nothing to pick from. */
  pick<Item>(items: readonly Item[]): Item;
}

export const SEED_MAX = 2 ** 32 - 1;

/** mulberry32: 32 bits of state, good enough to draw customers by. `seed`: 0 to `SEED_MAX`. */
export function chanceOf(seed: number): Chance {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    happens: (share) => next() < share,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
