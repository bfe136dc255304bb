import { Counter, Gauge, type Registry } from 'prom-client';
import type { EngineStatistics } from '../../../engine/engine-statistics.ts';
import type { Histogram } from '../../../engine/histogram.ts';
import type { OperationParts } from '../routes.ts';
import type { HistogramFamily } from './exposition.ts';

const LATENCY_BOUNDS_SECONDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const BLOCK_SIZE_BOUNDS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000,
];

/** Plain counts of the engine: the metric's name, its help, and where the count stands. */
const COUNTERS: readonly (readonly [string, string, (from: EngineStatistics) => number])[] = [
  ['lastro_blocks_total', 'Blocks written.', (from) => from.blocks],
  [
    'lastro_replays_total',
    'Commands answered with their recorded outcome.',
    (from) => from.replayed,
  ],
  ['lastro_reused_ids_total', 'Commands refused: id of another command.', (from) => from.reused],
  [
    'lastro_lost_races_total',
    'Blocks that another process was faster with.',
    (from) => from.lostRaces,
  ],
  [
    'lastro_duplicates_total',
    'Blocks tried again for an id that stood.',
    (from) => from.duplicates,
  ],
  [
    'lastro_poisoned_commands_total',
    'Commands that could not be written.',
    (from) => from.poisoned,
  ],
  [
    'lastro_unknown_blocks_total',
    'Blocks whose fate was open for a while.',
    (from) => from.unknown,
  ],
  ['lastro_resolved_blocks_total', 'Of those, blocks found to stand.', (from) => from.resolved],
  [
    'lastro_unavailable_blocks_total',
    'Tries to write while the database was away.',
    (from) => from.unavailable,
  ],
  ['lastro_alarms_total', 'What was logged for a person to look at.', (from) => from.alarms],
];

/** Registers what the engine counts itself; it is read when somebody scrapes. */
export function registerEngineMetrics(registry: Registry, engine: OperationParts['engine']): void {
  const { statistics } = engine;
  const registers = [registry];
  for (const [name, help, read] of COUNTERS) {
    const counter = new Counter({
      name,
      help,
      registers,
      collect() {
        counter.reset();
        counter.inc(read(statistics));
      },
    });
  }
  registerOutcomes(registry, statistics);
  const gauges: readonly (readonly [string, string, () => number])[] = [
    ['lastro_queue_length', 'Commands waiting for a block.', () => engine.queueLength],
    ['lastro_in_flight', 'Commands without an answer yet.', () => engine.pendingCount],
    ['lastro_writing', '1 while blocks can be written.', () => (engine.isWriting ? 1 : 0)],
  ];
  for (const [name, help, read] of gauges) {
    registry.registerMetric(gaugeOf(name, help, read));
  }
}

function gaugeOf(name: string, help: string, read: () => number): Gauge {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [],
    collect() {
      gauge.set(read());
    },
  });
  return gauge;
}

function registerOutcomes(registry: Registry, statistics: EngineStatistics): void {
  const commands = new Counter({
    name: 'lastro_commands_total',
    help: 'Commands by what became of them; code is that of the refusal or error.',
    labelNames: ['outcome', 'code'],
    registers: [registry],
    collect() {
      commands.reset();
      commands.inc({ outcome: 'accepted', code: '' }, statistics.accepted);
      commands.inc({ outcome: 'failed', code: 'internal_error' }, statistics.failed);
      for (const [code, count] of statistics.refused)
        commands.inc({ outcome: 'refused', code }, count);
      for (const [code, count] of statistics.givenBack) {
        commands.inc({ outcome: 'given_back', code }, count);
      }
    },
  });
}

/** The engine's distributions, everything since the process started. */
export function engineHistograms({ latenciesMs, blockSizes }: EngineStatistics): HistogramFamily[] {
  const latencies = latenciesMs.whole();
  const boundsMs = LATENCY_BOUNDS_SECONDS.map((seconds) => seconds * 1_000);
  return [
    {
      name: 'lastro_command_duration_seconds',
      help: 'From submission to the answer, inside the server.',
      bounds: LATENCY_BOUNDS_SECONDS,
      series: [seriesOf(latencies, boundsMs, 1_000)],
    },
    {
      name: 'lastro_block_events',
      help: 'Events of one block.',
      bounds: BLOCK_SIZE_BOUNDS,
      series: [seriesOf(blockSizes.whole(), BLOCK_SIZE_BOUNDS, 1)],
    },
  ];
}

/** `scale`: how many of what was recorded make one of what is shown. */
function seriesOf(histogram: Histogram, bounds: readonly number[], scale: number) {
  const { count, sum } = histogram;
  return { labels: {}, counts: histogram.countsUpTo(bounds), count, sum: sum / scale };
}
