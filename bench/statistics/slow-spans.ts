/** Work that is always the same, and how long it took. */
export interface WorkSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
}

export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

export const SPAN_MS = 25;

/** The same work taking so many times as long as usual: the processor was somebody else's meanwhile. */
const SLOW_TIMES = 1.5;

/** Fewer say nothing about a span: what measures has waited for a core itself. */
const SAMPLES_MIN = 4;

/**
 * The spans of `SPAN_MS` in which the processor was slow, in order. What is usual is the lower quartile
 * of all; a span goes by its median, which a sample that was interrupted does not move.
 */
export function slowSpans(samples: readonly WorkSample[]): readonly Span[] {
  const usualMs = quantile(
    samples.map(({ tookMs }) => tookMs),
    0.25,
  );
  const spans = Map.groupBy(samples, ({ at }) => Math.floor(at / SPAN_MS));
  const slow = [...spans].filter(([, within]) => {
    const median = quantile(
      within.map(({ tookMs }) => tookMs),
      0.5,
    );
    return within.length >= SAMPLES_MIN && median > SLOW_TIMES * usualMs;
  });
  const numbers = slow.map(([number]) => number).toSorted((left, right) => left - right);
  return numbers.map((number) => ({ from: number * SPAN_MS, until: (number + 1) * SPAN_MS }));
}

/** Whether none of `slow` lies within `span`, or reaches into so much before and after it. */
export function isClear(
  span: Span,
  slow: readonly Span[],
  { beforeMs, afterMs }: { readonly beforeMs: number; readonly afterMs: number },
): boolean {
  return slow.every(
    ({ from, until }) => until <= span.from - beforeMs || from >= span.until + afterMs,
  );
}

function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) * fraction)] ?? 0;
}
