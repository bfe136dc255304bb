import type { LoadRun } from '../generator/protocol.ts';
import type { GeneratorProcess } from '../site/generator-process.ts';
import { processorSeconds } from '../site/process-usage.ts';
import { LatencyHistogram } from '../statistics/histogram.ts';
import type { CountedLedger } from './counted-ledger.ts';
import { watchSteadiness, type Steadiness, type SteadinessWatch } from './steadiness.ts';
import { writeOut } from './write-out.ts';

/** Processor use within a window: 1 is one core. null: unknown here. */
export interface ProcessorUse {
  readonly generator: number | null;
  readonly servers: readonly (number | null)[];
  readonly postgresql: number | null;
}

/** One window of one course. */
export interface Measurement {
  /** Effects per second. */
  readonly rate: number;
  readonly latencies: LatencyHistogram;
  /** null: a closed loop, which waits for a slow processor. */
  readonly steadiness: Steadiness | null;
  readonly use: ProcessorUse;
  readonly effects: number;
  readonly refused: Readonly<Record<string, number>>;
  /** What the counts and the quick look at the books say; empty: all is well. */
  readonly complaints: readonly string[];
}

/** Whose time is taken. */
export interface Watched {
  readonly generator: GeneratorProcess;
  readonly serverPids: readonly number[];
  readonly postgresSeconds: () => number | undefined;
}

/** Runs a load, and counts its effects again in the ledger. */
export async function measureLoad(
  run: LoadRun,
  watched: Watched,
  ledger: CountedLedger,
): Promise<Measurement> {
  await writeOut();
  const mark = await ledger.mark();
  let before: Seconds | undefined;
  let after: Seconds | undefined;
  let opened: Promise<Reading | undefined> | undefined;
  let closed: Promise<Reading | undefined> | undefined;
  let watch: SteadinessWatch | undefined;
  const result = await watched.generator.run(run, {
    onOpened: () => {
      if (run.ratePerSecond !== null) watch = watchSteadiness();
      before = readSeconds(watched);
      opened = readCarriedOut(ledger);
    },
    onClosed: () => {
      after = readSeconds(watched);
      closed = readCarriedOut(ledger);
    },
  });
  const steadiness = watch?.stop(result.slices) ?? null;
  const carriedOutRate = rateBetween(await opened, await closed);
  const counted = await ledger.countSince(mark);
  const expected = ledger.isUntouched ? 0 : result.effects;
  const open = openIn(result.refused);
  const isRight = expected <= counted && counted <= expected + open;
  const should = open === 0 ? `${expected}` : `${expected} to ${expected + open}`;
  const miscount = isRight ? [] : [`the ledger has ${counted} effects and should have ${should}`];
  return {
    rate: carriedOutRate ?? result.windowEffects / (result.windowMs / 1_000),
    latencies: new LatencyHistogram(result.latencies),
    steadiness,
    use: useBetween(before, after, result.windowMs / 1_000),
    effects: result.effects,
    refused: result.refused,
    complaints: [...miscount, ...(await ledger.complaints())],
  };
}

/** Answers that said neither yes nor no: accepted and not carried out yet, or unknown. */
function openIn(refused: Readonly<Record<string, number>>): number {
  const open = Object.entries(refused).filter(([code]) => /^(?:202|504)\b/.test(code));
  return open.reduce((sum, [, count]) => sum + count, 0);
}

interface Reading {
  readonly effects: number;
  /** `performance.now()` milliseconds. */
  readonly at: number;
}

async function readCarriedOut({ carriedOut }: CountedLedger): Promise<Reading | undefined> {
  if (carriedOut === undefined) return undefined;
  const effects = await carriedOut();
  return { effects, at: performance.now() };
}

/** Effects per second; undefined where the answers tell. */
function rateBetween(from: Reading | undefined, to: Reading | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return (to.effects - from.effects) / ((to.at - from.at) / 1_000);
}

interface Seconds {
  readonly generator: number | undefined;
  readonly servers: readonly (number | undefined)[];
  readonly postgresql: number | undefined;
}

function readSeconds({ generator, serverPids, postgresSeconds }: Watched): Seconds {
  return {
    generator: processorSeconds(generator.pid),
    servers: serverPids.map((pid) => processorSeconds(pid)),
    postgresql: postgresSeconds(),
  };
}

function useBetween(
  before: Seconds | undefined,
  after: Seconds | undefined,
  seconds: number,
): ProcessorUse {
  const share = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : (to - from) / seconds;
  return {
    generator: share(before?.generator, after?.generator),
    servers: (after?.servers ?? []).map((to, index) => share(before?.servers[index], to)),
    postgresql: share(before?.postgresql, after?.postgresql),
  };
}
