import { LatencyHistogram } from '../statistics/histogram.ts';
import { isClear, SPAN_MS, slowSpans, type WorkSample } from '../statistics/slow-spans.ts';
import { SLICE_MS, type Slice } from '../generator/protocol.ts';

/** A hundredth of a core, at most. */
const SAMPLE_EVERY_MS = 2;
/** Of the work: 10 to 30 µs. */
const STEPS = 10_000;
/** Until V8 has compiled it. */
const WARM_UP_TIMES = 500;

/** What was in the queues when the processor slowed down is late, and so is what came until they were empty. */
const AROUND = { beforeMs: 200, afterMs: 100 } as const;

/** What an open loop met while the processor was as quick as ever. */
export interface Steadiness {
  /** Of the window's time, from 0 to 1: the same work took half as long again, or longer. */
  readonly slowShare: number;
  /** Of the requests that were due in the remaining time, and not shortly before or after. */
  readonly latencies: LatencyHistogram;
}

export interface SteadinessWatch {
  /** Ends it. */
  stop(slices: readonly Slice[]): Steadiness;
}

/** What comes out of the work, so that nobody may leave it out; 0: it was never done. */
let sink = 0;

/**
 * Does the same small work every 2 ms and takes its time: a virtual machine has its processors taken
 * away, or shared, without being told. Runs in this process, which only waits while a window is open.
 */
export function watchSteadiness(): SteadinessWatch {
  if (sink === 0) for (let time = 0; time < WARM_UP_TIMES; time += 1) work();
  const samples: WorkSample[] = [];
  const timer = setInterval(() => {
    const begun = performance.now();
    work();
    samples.push({ at: performance.timeOrigin + begun, tookMs: performance.now() - begun });
  }, SAMPLE_EVERY_MS);
  return {
    stop(slices) {
      clearInterval(timer);
      return steadinessOf(samples, slices);
    },
  };
}

function steadinessOf(samples: readonly WorkSample[], slices: readonly Slice[]): Steadiness {
  const slow = slowSpans(samples);
  const latencies = new LatencyHistogram();
  for (const { from, counts } of slices) {
    const isSteady = isClear({ from, until: from + SLICE_MS }, slow, AROUND);
    if (isSteady) latencies.merge(new LatencyHistogram(counts));
  }
  const first = samples.at(0)?.at ?? 0;
  const lengthMs = Math.max(SPAN_MS, (samples.at(-1)?.at ?? 0) - first);
  return { slowShare: (slow.length * SPAN_MS) / lengthMs, latencies };
}

/** Integers alone, in registers: neither memory nor the collector has a part in it. */
function work(): void {
  let bits = sink | 1;
  for (let step = 0; step < STEPS; step += 1) {
    bits = Math.imul(bits, 1_664_525) + 1_013_904_223;
    bits ^= bits >>> 13;
  }
  sink = bits;
}
