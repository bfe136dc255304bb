import type { Block } from '@lastro/core';

/** The moments that anyone can have seen: the ends of blocks, by the number of their last event. */
export class Moments {
  readonly #ends: readonly number[];

  constructor(blocks: readonly Block[]) {
    this.#ends = blocks.map(({ header }) => header.lastSeq);
  }

  /** From the block with event `low` to the last one whose every event is at most `high`. */
  between(low: number, high: number): readonly number[] {
    const first = this.#firstNotBelow(low);
    return this.#ends.slice(first, this.#firstNotBelow(high + 1));
  }

  #firstNotBelow(seq: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
