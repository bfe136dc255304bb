import {
  COMMIT_MS_MAX,
  GROWTH_ACCOUNTS_BAR,
  GROWTH_HISTORY_BAR,
  MEMORY_BAR_MIB,
  PACED_P99_BAR_MS,
  PACED_P99_GOAL_MS,
  atLeast,
  atMost,
} from '../bars.ts';
import type { Growth } from '../measure/growth.ts';
import type { Machine } from '../site/machine.ts';
import type { Spread } from '../statistics/spread.ts';
import { msText, rateText, ratioText, useText } from './figures.ts';
import type { Summary } from './summary.ts';
import { textTable } from './table.ts';

/** What a person reads at the end of a run. */
export function textReport(machine: Machine, summary: Summary, growth: Growth | null): string {
  return [
    machineText(machine, summary),
    absolutes(summary),
    'rate: effects per second, median of the rounds. CPU: cores in use, mean of the windows.',
    '',
    ratios(summary, growth),
  ].join('\n');
}

function machineText(machine: Machine, { commitMs }: Summary): string {
  const { processor, cores, memoryGiB, system, node, postgresql } = machine;
  const commit = `a commit of one row: p50 ${msText(commitMs.p50)} ms, p99 ${msText(commitMs.p99)} ms`;
  return `\n${processor}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node ${node}; PostgreSQL ${postgresql}\n${commit}\n`;
}

function absolutes({ courses }: Summary): string {
  const header = ['', 'rate/s', 'min–max', 'p50 ms', 'p99 ms', 'generator', 'server', 'PostgreSQL'];
  const rows = courses.map(({ course, rate, latencies, use }) => [
    course.name,
    rateText(rate.median),
    `${rateText(rate.min)}–${rateText(rate.max)}`,
    msText(latencies.percentile(0.5)),
    msText(latencies.percentile(0.99)),
    useText(use.generator),
    use.servers.map(useText).join(' + '),
    useText(use.postgresql),
  ]);
  return textTable(header, rows);
}

type Row = readonly string[];

function ratios(summary: Summary, growth: Growth | null): string {
  const header = ['ratio', 'median', 'min–max', 'rounds', 'bar', 'goal', 'verdict'];
  const measured: Row[] = summary.ratios.map(({ bar, spread, verdict }) => [
    `${bar.over} / ${bar.under}`,
    ...spreadCells(spread),
    bar.bar === null ? '–' : `≥ ${bar.bar}`,
    bar.goal === null ? '–' : `≥ ${bar.goal}`,
    verdict,
  ]);
  return textTable(header, [...measured, ...pacedRows(summary), ...growthRows(growth)]);
}

function pacedRows({ paced, commitMs }: Summary): Row[] {
  if (paced === undefined) return [];
  const { p99Ms, verdict } = paced;
  const bar = `≤ ${PACED_P99_BAR_MS}`;
  const why = commitMs.p50 > COMMIT_MS_MAX ? `open: a commit takes > ${COMMIT_MS_MAX} ms` : verdict;
  const goal = `≤ ${PACED_P99_GOAL_MS}`;
  const { steadyP99Ms, slowShare, noopP99Ms } = paced;
  const slow = `processor slow ${(slowShare * 100).toFixed(1)} % of the time`;
  return [
    ['paced p99 ms', ...msCells(p99Ms), bar, goal, why],
    ['  noop at that rate', ...msCells(noopP99Ms), '–', '–', 'what this machine gives anyone'],
    ['  while steady', ...msCells(steadyP99Ms), '–', '–', slow],
  ];
}

function msCells(spread: Spread | undefined): Row {
  if (spread === undefined) return ['–', '', '0'];
  const { median, min, max, rounds } = spread;
  return [msText(median), `${msText(min)}–${msText(max)}`, `${rounds}`];
}

function growthRows(growth: Growth | null): Row[] {
  if (growth === null) return [];
  const row = (name: string, spread: Spread, bar: number): Row => [
    name,
    ...spreadCells(spread),
    `≥ ${bar}`,
    '–',
    atLeast(spread, bar),
  ];
  const { memoryPeakMiB } = growth;
  const peak = memoryPeakMiB === null ? '–' : memoryPeakMiB.toFixed(0);
  const verdict = atMost(memoryPeakMiB ?? undefined, MEMORY_BAR_MIB);
  return [
    row(`${rateText(growth.accounts)} accounts / fresh`, growth.wideToFresh, GROWTH_ACCOUNTS_BAR),
    row(`${rateText(growth.transfers)} transfers / fresh`, growth.deepToFresh, GROWTH_HISTORY_BAR),
    ['memory peak MiB', peak, '', '', `≤ ${MEMORY_BAR_MIB}`, '–', verdict],
  ];
}

function spreadCells({ median, min, max, rounds }: Spread): Row {
  return [ratioText(median), `${ratioText(min)}–${ratioText(max)}`, `${rounds}`];
}
