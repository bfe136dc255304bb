import type { CourseName, LaneName } from './lanes.ts';
import type { Spread } from './statistics/spread.ts';

/** A ratio of two courses and the bars of DESIGN section 10; null: shown, no bar. */
export interface RatioBar {
  readonly name: RatioName;
  readonly over: LaneName;
  readonly under: CourseName;
  readonly bar: number | null;
  /** What to reach once the bar is met. */
  readonly goal: number | null;
}

export type RatioName =
  | 'singleToNoop'
  | 'singleToRowLock'
  | 'singleToFunction'
  | 'bulkToRowLock'
  | 'hotToBulk'
  | 'hotToRowLockHot'
  | 'ordersToNoop'
  | 'twoToOne'
  | 'crossToSingle';

export const RATIO_BARS: readonly RatioBar[] = [
  { name: 'singleToNoop', over: 'single', under: 'noop', bar: 0.4, goal: 0.55 },
  { name: 'singleToRowLock', over: 'single', under: 'rowLock', bar: 4, goal: null },
  { name: 'singleToFunction', over: 'single', under: 'function', bar: null, goal: null },
  { name: 'bulkToRowLock', over: 'bulk', under: 'rowLock', bar: 10, goal: 18 },
  { name: 'hotToBulk', over: 'hot', under: 'bulk', bar: 1.2, goal: 2 },
  { name: 'hotToRowLockHot', over: 'hot', under: 'rowLockHot', bar: null, goal: 40 },
  { name: 'ordersToNoop', over: 'orders', under: 'noop', bar: 0.25, goal: 0.4 },
  { name: 'twoToOne', over: 'two', under: 'single', bar: 0.7, goal: 1.2 },
  { name: 'crossToSingle', over: 'cross', under: 'single', bar: 0.12, goal: 0.25 },
];

/** Milliseconds at p99 of the paced lane, where a commit takes no longer than `COMMIT_MS_MAX`. */
export const PACED_P99_BAR_MS = 25;
export const PACED_P99_GOAL_MS = 10;
export const COMMIT_MS_MAX = 1;

export const GROWTH_ACCOUNTS_BAR = 0.6;
export const GROWTH_HISTORY_BAR = 0.8;
export const MEMORY_BAR_MIB = 400;

/** `open`: there is no bar, or the machine is not one that it holds for. */
export type Verdict = 'met' | 'missed' | 'open';

export function atLeast(spread: Spread | undefined, bar: number | null): Verdict {
  if (spread === undefined || bar === null) return 'open';
  return spread.median >= bar ? 'met' : 'missed';
}

export function atMost(value: number | undefined, bar: number): Verdict {
  if (value === undefined) return 'open';
  return value <= bar ? 'met' : 'missed';
}

/** The paced lane's bar holds only where the disk is quick enough for it. `p99Ms`: of each round. */
export function pacedVerdict(p99Ms: Spread | undefined, commitP50Ms: number): Verdict {
  return commitP50Ms > COMMIT_MS_MAX ? 'open' : atMost(p99Ms?.median, PACED_P99_BAR_MS);
}

/** The courses that the wanted lanes need: themselves, what they are divided by, what paced is paced by and held against. */
export function coursesFor(lanes: readonly LaneName[]): ReadonlySet<CourseName> {
  const needed = new Set<CourseName>(lanes);
  for (const { over, under } of RATIO_BARS) if (lanes.includes(over)) needed.add(under);
  if (lanes.includes('paced')) needed.add('single').add('pacedNoop');
  return needed;
}
