import { RATIO_BARS, atLeast, pacedVerdict, type RatioBar, type Verdict } from '../bars.ts';
import { COURSES, type Course, type CourseName } from '../lanes.ts';
import type { Measurement, ProcessorUse } from '../measure/measure-load.ts';
import type { RoundsResult, Rounds } from '../measure/rounds.ts';
import { LatencyHistogram } from '../statistics/histogram.ts';
import { mean, ratioOf, spreadOf, type Spread } from '../statistics/spread.ts';

/** All rounds of one course in one. */
export interface CourseSummary {
  readonly course: Course;
  /** Effects per second. */
  readonly rate: Spread;
  readonly latencies: LatencyHistogram;
  /** Means over the rounds. */
  readonly use: ProcessorUse;
  readonly effects: number;
  readonly refused: number;
}

export interface RatioSummary {
  readonly bar: RatioBar;
  readonly spread: Spread;
  readonly verdict: Verdict;
}

export interface PacedSummary {
  /** Milliseconds, of each round: a disk that stands still for a moment spoils one of them. */
  readonly p99Ms: Spread;
  readonly verdict: Verdict;
  /** The same of the time in which the processor was as quick as ever; undefined: there was none. */
  readonly steadyP99Ms: Spread | undefined;
  /** Of the windows' time, from 0 to 1, in which it was not. */
  readonly slowShare: number;
  /** What the same requests met at a server that does nothing: the machine's own share. */
  readonly noopP99Ms: Spread | undefined;
}

/** What the rounds say. */
export interface Summary {
  readonly courses: readonly CourseSummary[];
  readonly ratios: readonly RatioSummary[];
  readonly commitMs: { readonly p50: number; readonly p99: number };
  /** Undefined: it was not measured. */
  readonly paced: PacedSummary | undefined;
}

export function summarize({ rounds, commits }: RoundsResult): Summary {
  const courses = COURSES.flatMap((course) => summarizeCourse(course, rounds.get(course.name)));
  const commitMs = { p50: commits.percentile(0.5), p99: commits.percentile(0.99) };
  return {
    courses,
    ratios: RATIO_BARS.flatMap((bar) => summarizeRatio(bar, rounds)),
    commitMs,
    paced: summarizePaced(rounds, commitMs.p50),
  };
}

function summarizePaced(rounds: Rounds, commitP50Ms: number): PacedSummary | undefined {
  const measurements = rounds.get('paced') ?? [];
  const p99Ms = p99Of(measurements);
  if (p99Ms === undefined) return undefined;
  const watched = measurements.flatMap(({ steadiness }) => steadiness ?? []);
  const steady = watched.filter(({ latencies }) => latencies.total > 0);
  return {
    p99Ms,
    verdict: pacedVerdict(p99Ms, commitP50Ms),
    steadyP99Ms: p99Of(steady),
    slowShare: mean(watched.map(({ slowShare }) => slowShare)) ?? 0,
    noopP99Ms: p99Of(rounds.get('pacedNoop') ?? []),
  };
}

/** Milliseconds. */
function p99Of(windows: readonly { readonly latencies: LatencyHistogram }[]): Spread | undefined {
  return spreadOf(windows.map(({ latencies }) => latencies.percentile(0.99)));
}

function summarizeCourse(
  course: Course,
  measurements: readonly Measurement[] = [],
): CourseSummary[] {
  const rate = spreadOf(measurements.map((measurement) => measurement.rate));
  if (rate === undefined) return [];
  const latencies = new LatencyHistogram();
  for (const measurement of measurements) latencies.merge(measurement.latencies);
  const counts = measurements.flatMap(({ refused }) => Object.values(refused));
  return [
    {
      course,
      rate,
      latencies,
      use: meanUse(measurements.map(({ use }) => use)),
      effects: measurements.reduce((sum, { effects }) => sum + effects, 0),
      refused: counts.reduce((sum, count) => sum + count, 0),
    },
  ];
}

function meanUse(uses: readonly ProcessorUse[]): ProcessorUse {
  const servers = uses[0]?.servers ?? [];
  return {
    generator: mean(uses.map(({ generator }) => generator)),
    servers: servers.map((_, index) => mean(uses.map((use) => use.servers[index] ?? null))),
    postgresql: mean(uses.map(({ postgresql }) => postgresql)),
  };
}

function summarizeRatio(bar: RatioBar, rounds: Rounds): RatioSummary[] {
  const rates = (name: CourseName) => (rounds.get(name) ?? []).map(({ rate }) => rate);
  const spread = ratioOf(rates(bar.over), rates(bar.under));
  return spread === undefined ? [] : [{ bar, spread, verdict: atLeast(spread, bar.bar) }];
}
