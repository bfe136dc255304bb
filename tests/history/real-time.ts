import { inWords } from './ask.ts';
import type { Recorded } from './recorded.ts';
import type { Violation } from './violation.ts';

/** What had finished before it began comes before it: per event, against all that follow. */
export function checkOrder(recorded: readonly Recorded[]): readonly Violation[] {
  const violations: Violation[] = [];
  let latest: Recorded | undefined;
  for (const next of recorded) {
    if (latest !== undefined && next.knownFrom < latest.began) {
      const [before, after] = [wordsOf(next), wordsOf(latest)];
      const text =
        `event ${next.event.seq} was known to stand at ${next.knownFrom.toFixed(2)} ms, before ` +
        `event ${latest.event.seq} was asked for at ${latest.began.toFixed(2)} ms: ${before}; ${after}`;
      violations.push({ rule: 'order', text });
    }
    if (latest === undefined || next.began > latest.began) latest = next;
  }
  return violations;
}

function wordsOf({ asks }: Recorded): string {
  return asks.map(({ invocation }) => inWords(invocation)).join(', ');
}

/** When a place in the order can have been taken. */
export interface Bounds {
  /** Not before what stands earlier in the order was asked for. */
  readonly from: number;
  /** Not after something that stands later in the order was known. */
  readonly until: number;
}

/** The bounds that these set to every place in the order, by its number. */
export function createBounds(
  recorded: readonly Recorded[],
  eventCount: number,
): (seq: number) => Bounds {
  const bySeq = new Map(recorded.map((one) => [one.event.seq, one]));
  const untils: number[] = [];
  let until = Infinity;
  for (let seq = eventCount - 1; seq >= 0; seq -= 1) {
    until = Math.min(until, bySeq.get(seq)?.knownFrom ?? Infinity);
    untils[seq] = until;
  }
  const froms: number[] = [];
  let from = -Infinity;
  for (let seq = 0; seq < eventCount; seq += 1) {
    from = Math.max(from, bySeq.get(seq)?.began ?? -Infinity);
    froms[seq] = from;
  }
  return (seq) => ({ from: froms[seq] ?? -Infinity, until: untils[seq] ?? Infinity });
}

/** The newest event that can have stood at a time: the one before the first that was asked for later. */
export function createCeiling(
  recorded: readonly Recorded[],
  newest: number,
): (time: number) => number {
  const byBegin = recorded.toSorted((left, right) => left.began - right.began);
  const lowest: number[] = [];
  let low = newest + 1;
  for (let index = byBegin.length - 1; index >= 0; index -= 1) {
    low = Math.min(low, byBegin[index]?.event.seq ?? low);
    lowest[index] = low;
  }
  return (time) => {
    let first = 0;
    let end = byBegin.length;
    while (first < end) {
      const middle = (first + end) >> 1;
      if ((byBegin[middle]?.began ?? 0) <= time) first = middle + 1;
      else end = middle;
    }
    return (lowest[first] ?? newest + 1) - 1;
  };
}
