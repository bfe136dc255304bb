import type pg from 'pg';
import { backwards, CONNECTIONS, COURSES, type Course, type CourseName } from '../lanes.ts';
import type { BenchOptions } from '../options.ts';
import { rateText } from '../report/figures.ts';
import type { Traffic } from '../generator/traffic.ts';
import type { Site } from '../site/site.ts';
import type { Surroundings } from '../site/bank-site.ts';
import { LatencyHistogram } from '../statistics/histogram.ts';
import { spreadOf } from '../statistics/spread.ts';
import { bankLedger, untouchedLedger } from './bank-ledger.ts';
import { crossLedger } from './cross-ledger.ts';
import { probeCommits } from './commit-latency.ts';
import type { CountedLedger } from './counted-ledger.ts';
import { measureLoad, type Measurement } from './measure-load.ts';
import type { Progress } from './progress.ts';
import { rivalsLedger } from './rivals-ledger.ts';

/** Every measurement of every course, round by round. */
export type Rounds = ReadonlyMap<CourseName, readonly Measurement[]>;

export interface RoundsResult {
  readonly rounds: Rounds;
  readonly commits: LatencyHistogram;
  /** With the course that they were found in. */
  readonly complaints: readonly string[];
}

interface Parts {
  readonly site: Site;
  /** A connection to a database of its own, for commits of one row. */
  readonly probe: pg.Client;
  readonly around: Surroundings;
  readonly options: BenchOptions;
  readonly progress: Progress;
  /** Ends a round early. */
  readonly isLate?: () => boolean;
  /** How long the window of a course is, in milliseconds; without it as the options say. */
  readonly windowMs?: (course: Course) => number;
}

const COMMITS_PER_ROUND = 100;
/** Of the budget: a slow machine has no time for more of the rehearsal. */
const REHEARSAL_BUDGET_SHARE = 0.4;
/** Of the window, for the round before the first, in which the servers' code gets warm. */
const REHEARSAL_SHARE = 0.6;

/**
 * Measures all courses in turn, again and again; every second round backwards, so that of what is
 * divided by each other none always comes first.
 */
export async function runRounds(
  courses: ReadonlySet<CourseName>,
  parts: Parts,
  startedAt: number,
): Promise<RoundsResult> {
  const { options, progress } = parts;
  const forwards = COURSES.filter(({ name }) => courses.has(name));
  const rounds = new Map<CourseName, Measurement[]>();
  const commits = new LatencyHistogram();
  const complaints: string[] = [];
  progress.say('Rehearsal: every lane once, not counted.');
  const first = await runRound(forwards, rehearsal(parts, startedAt), 'rehearsal', new Map());
  for (const { name } of forwards) complaints.push(...complaintsOf(name, first.get(name)));
  let roundMs = 0;
  for (let round = 1; round <= options.rounds; round += 1) {
    const begun = performance.now();
    const isTime = options.budgetMs === null || begun - startedAt + roundMs < options.budgetMs;
    if (!isTime && round > 1) {
      progress.say(`The time is up after ${round - 1} of ${options.rounds} rounds.`);
      break;
    }
    await probeCommits(parts.probe, COMMITS_PER_ROUND, commits);
    const order = round % 2 === 1 ? forwards : backwards(forwards);
    const title = `round ${round} of ${options.rounds}`;
    const measured = await runRound(order, parts, title, rounds);
    for (const { name } of forwards) complaints.push(...complaintsOf(name, measured.get(name)));
    roundMs = performance.now() - begun;
  }
  return { rounds, commits, complaints };
}

function rehearsal(parts: Parts, startedAt: number): Parts {
  const { options } = parts;
  const { budgetMs, windowMs } = options;
  const untilMs =
    budgetMs === null ? Number.POSITIVE_INFINITY : startedAt + budgetMs * REHEARSAL_BUDGET_SHARE;
  return {
    ...parts,
    windowMs: (course) => {
      const times = budgetMs === null ? (course.rehearsal ?? 1) : 1;
      return windowMs * REHEARSAL_SHARE * times;
    },
    isLate: () => performance.now() > untilMs,
  };
}

function complaintsOf(name: CourseName, measurement: Measurement | undefined): string[] {
  return (measurement?.complaints ?? []).map((complaint) => `${name}: ${complaint}`);
}

/** One round; adds to `rounds` and gives what it added. */
async function runRound(
  order: readonly Course[],
  parts: Parts,
  title: string,
  rounds: Map<CourseName, Measurement[]>,
): Promise<ReadonlyMap<CourseName, Measurement>> {
  const measured = new Map<CourseName, Measurement>();
  for (const course of order) {
    if (parts.isLate?.() === true) break;
    const rates = (name: CourseName) => (rounds.get(name) ?? []).map(({ rate }) => rate);
    const soFar = spreadOf(rates(course.name))?.median;
    const known = soFar === undefined ? '' : `, ${rateText(soFar)}/s so far`;
    parts.progress.show(`${title} · ${course.name}${known} …`);
    const singleRate = measured.get('single')?.rate ?? spreadOf(rates('single'))?.median;
    const measurement = await measureCourse(course, parts, singleRate);
    measured.set(course.name, measurement);
    rounds.set(course.name, [...(rounds.get(course.name) ?? []), measurement]);
    parts.progress.say(lineOf(title, course.name, measurement));
  }
  return measured;
}

function lineOf(title: string, name: CourseName, measurement: Measurement): string {
  const { rate, latencies, refused, complaints } = measurement;
  const p99 = latencies.percentile(0.99).toFixed(1);
  const notes = Object.entries(refused).map(([code, count]) => `, ${count} × ${code}`);
  const wrong = complaints.map((complaint) => ` · WRONG: ${complaint}`);
  const figures = `${rateText(rate).padStart(8)}/s   p99 ${p99.padStart(7)} ms`;
  return `${title} · ${name.padEnd(10)} ${figures}${notes.join('')}${wrong.join('')}`;
}

function measureCourse(
  course: Course,
  { site, around, options, windowMs }: Parts,
  singleRate: number | undefined,
): Promise<Measurement> {
  const destinations = course.targets.flatMap((target) => {
    const found = site.destinations[target];
    if (found === undefined) throw new Error(`nothing serves ${target}`);
    return found;
  });
  if (course.isPaced && singleRate === undefined) throw new Error('paced before single');
  return measureLoad(
    {
      targets: destinations.map(({ port, key }) => ({ host: '127.0.0.1', port, key })),
      traffic: trafficAmong(destinations.length, course.traffic),
      connections: CONNECTIONS,
      inFlightMax: course.inFlightMax,
      warmUpMs: options.warmUpMs,
      windowMs: windowMs?.(course) ?? options.windowMs,
      ratePerSecond: course.isPaced ? (singleRate ?? 0) / 2 : null,
      requestsMax: null,
    },
    {
      generator: around.generator,
      serverPids: destinations.map(({ pid }) => pid),
      postgresSeconds: () => around.postgres.seconds(),
    },
    ledgerOf(course, site),
  );
}

/** Payments go to the banks that are there. */
function trafficAmong(banks: number, traffic: Traffic): Traffic {
  return traffic.kind === 'payments'
    ? { ...traffic, banks: traffic.banks.slice(0, banks) }
    : traffic;
}

function ledgerOf({ counted }: Course, { bank, rivals, consortium }: Site): CountedLedger {
  switch (counted) {
    case 'cross-bank transfers':
      if (consortium === null) throw new Error('there is no consortium');
      return crossLedger(consortium.members.map(({ client }) => client));
    case 'nothing':
      return untouchedLedger(bank.client);
    case 'rival transfers':
      if (rivals === null) throw new Error('the baselines have no database');
      return rivalsLedger(rivals);
    case 'bank transfers':
    case 'bank orders':
      return bankLedger(bank.client, counted);
  }
}
