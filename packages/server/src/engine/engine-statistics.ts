import { RecentDistribution } from './recent-distribution.ts';
import { SecondCounts } from './second-counts.ts';

/** Counts since the process started; for status, metrics and tests. */
export interface EngineStatistics {
  blocks: number;
  accepted: number;
  /** By code, as all counts of refusals are. */
  readonly refused: Map<string, number>;
  failed: number;
  replayed: number;
  reused: number;
  lostRaces: number;
  duplicates: number;
  poisoned: number;
  /** Blocks whose fate was open for a while, and how many of them turned out to stand. */
  unknown: number;
  resolved: number;
  unavailable: number;
  overloaded: number;
  /** Commands that were answered without an outcome, by the error's code; `overloaded` included. */
  readonly givenBack: Map<string, number>;
  /** What a person was told to look at. */
  alarms: number;
  /** Commands settled, second by second. */
  readonly settled: SecondCounts;
  /** Events of each block. */
  readonly blockSizes: RecentDistribution;
  /** Milliseconds from submission to the answer. */
  readonly latenciesMs: RecentDistribution;
}

/** Blocks of one event are the smallest. */
const BLOCK_SIZE_SMALLEST = 1;
const LATENCY_SMALLEST_MS = 0.01;

/** `nowMs`: `performance.now()`. */
export function createEngineStatistics(nowMs: number): EngineStatistics {
  return {
    blocks: 0,
    accepted: 0,
    refused: new Map(),
    failed: 0,
    replayed: 0,
    reused: 0,
    lostRaces: 0,
    duplicates: 0,
    poisoned: 0,
    unknown: 0,
    resolved: 0,
    unavailable: 0,
    overloaded: 0,
    givenBack: new Map(),
    alarms: 0,
    settled: new SecondCounts(nowMs),
    blockSizes: new RecentDistribution(BLOCK_SIZE_SMALLEST),
    latenciesMs: new RecentDistribution(LATENCY_SMALLEST_MS),
  };
}

/** Once per block: lets what forgets follow the time. */
export function countBlock(
  statistics: EngineStatistics,
  events: number,
  commands: number,
  nowMs: number,
): void {
  statistics.settled.add(commands, nowMs);
  statistics.latenciesMs.advance(nowMs);
  if (events === 0) return;
  statistics.blocks += 1;
  statistics.blockSizes.advance(nowMs);
  statistics.blockSizes.record(events);
}

export function countCode(counts: Map<string, number>, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}
