/** Observations that are kept of each bank; the oldest ones go. */
const OBSERVATIONS_MAX = 10_000;

interface Observation {
  /** Number of this bank's newest event when it was learned. */
  readonly ownSeq: number;
  /** Number of the other bank's newest event. */
  readonly head: number;
}

/**
 * The other components of the logical clock: how far each other bank was known to be when this one
 * had written an event. In memory: what was learned before this process started is not known.
 */
export class KnownHeads {
  readonly #observations = new Map<string, Observation[]>();

  /** Heads come in any order; the clock never goes back. */
  learn(bank: string, head: number, ownSeq: number): void {
    const known = this.#observations.get(bank) ?? [];
    const last = known.at(-1);
    if (last !== undefined && head <= last.head) return;
    if (last !== undefined && last.ownSeq >= ownSeq) known.pop();
    known.push({ ownSeq: Math.max(ownSeq, last?.ownSeq ?? 0), head });
    if (known.length > OBSERVATIONS_MAX) known.shift();
    this.#observations.set(bank, known);
  }

  /** What was known of a bank before this bank's event `ownSeq`; undefined: nothing. */
  before(bank: string, ownSeq: number): number | undefined {
    const known = this.#observations.get(bank) ?? [];
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const observation = known[middle];
      if (observation !== undefined && observation.ownSeq < ownSeq) low = middle + 1;
      else high = middle;
    }
    return known[low - 1]?.head;
  }
}
