import type { Growth } from '../measure/growth.ts';
import { isLane } from '../lanes.ts';
import type { Machine } from '../site/machine.ts';
import type { CourseSummary, Summary } from './summary.ts';

/** The figures for a program: rates in effects per second, latencies in milliseconds, cpu in cores. */
export function jsonReport(
  machine: Machine,
  summary: Summary,
  growth: Growth | null,
  complaints: readonly string[],
): Readonly<Record<string, unknown>> {
  const { courses, ratios, commitMs, paced } = summary;
  const lanes = courses.filter(({ course }) => isLane(course.name));
  const baselines = courses.filter(({ course }) => !isLane(course.name));
  const named = (list: readonly CourseSummary[]) =>
    Object.fromEntries(list.map((summarized) => [summarized.course.name, figures(summarized)]));
  return {
    machine,
    commitMs,
    lanes: named(lanes),
    baselines: named(baselines),
    ratios: Object.fromEntries(ratios.map(({ bar, spread }) => [bar.name, spread.median])),
    spread: Object.fromEntries(ratios.map(({ bar, spread }) => [bar.name, spread])),
    verdicts: {
      ...Object.fromEntries(ratios.map(({ bar, verdict }) => [bar.name, verdict])),
      paced,
    },
    ...(growth === null ? {} : { growth }),
    books: complaints.length === 0 ? 'ok' : complaints,
  };
}

function figures({ rate, latencies, use, effects, refused }: CourseSummary) {
  return {
    rate: rate.median,
    p50Ms: latencies.percentile(0.5),
    p99Ms: latencies.percentile(0.99),
    cpu: use,
    rates: rate,
    effects,
    refused,
  };
}
