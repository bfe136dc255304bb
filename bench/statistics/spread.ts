/** What the rounds of one figure say. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** Median, smallest and largest; undefined when there is none. The median of an even number is the mean of its middle two. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  const [min] = sorted;
  const max = sorted.at(-1);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (min === undefined || max === undefined || upper === undefined || lower === undefined) {
    return undefined;
  }
  return { median: (lower + upper) / 2, min, max, rounds: sorted.length };
}

/**
 * The ratio of two figures round by round, and then its spread: what slows the machine for a while
 * slows both sides of a round. Rounds in which one side is missing are left out.
 */
export function ratioOf(
  over: readonly (number | undefined)[],
  under: readonly (number | undefined)[],
): Spread | undefined {
  const ratios = over.flatMap((value, round) => {
    const base = under[round];
    return value === undefined || base === undefined || base === 0 ? [] : [value / base];
  });
  return spreadOf(ratios);
}

/** Of those that are known; null: none is. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
