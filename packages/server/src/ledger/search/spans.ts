/**
 * The indexes over metadata begin with a span of 4 096 numbers, of events or of accounts. A page
 * goes down the spans: a few at a time while it finds what it looks for, more when it doesn't, and so
 * many at most. So the reads of a page are bounded whatever the filter, and whatever it matches.
 */
const SPAN_BITS = 12n;

/** How many spans the first statement looks into, and by how much each further one grows. */
const SPANS_FIRST = 1;
const SPANS_GROWTH = 4;
const SPANS_MAX = 64;

/** How many spans one page looks into: over a million events, or accounts. */
const SPANS_PER_PAGE = 320;

/** Numbers from `low` to below `high`, none of which needs to exist. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** Some spans, newest first, with what of the range lies in them. */
export interface SpanRun extends NumberRange {
  readonly firstSpan: number;
  readonly lastSpan: number;
}

function spanOf(number: number): number {
  return Number(BigInt(number) >> SPAN_BITS);
}

/** The runs of spans that one page looks into; they may end above the range's low end. */
export function* spanRuns({ low, high }: NumberRange): Generator<SpanRun> {
  let left = SPANS_PER_PAGE;
  let size = SPANS_FIRST;
  let below = high;
  while (below > low && left > 0) {
    const firstSpan = spanOf(below - 1);
    const lastSpan = Math.max(spanOf(low), firstSpan - Math.min(size, left) + 1);
    const start = Math.max(low, lastSpan * 2 ** Number(SPAN_BITS));
    yield { firstSpan, lastSpan, low: start, high: below };
    left -= firstSpan - lastSpan + 1;
    size = Math.min(SPANS_MAX, size * SPANS_GROWTH);
    below = start;
  }
}
