import { availableParallelism } from 'node:os';
import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** How far the heap may grow, what is alive and what is not, before the next full collection. */
const HEAP_BYTES = 112 * 1024 * 1024;

/** Of what is alive: below it collections would follow on each other, above it V8 takes no heed. */
const GROWTH_PERCENT_MIN = 40;
const GROWTH_PERCENT_MAX = 400;

/** As long as nothing was collected. */
const GROWTH_PERCENT_FIRST = 200;

/** Node's own, where there are cores enough. */
const HELPER_THREADS_MAX = 4;

/**
 * For the command line of a process that serves, since V8 takes it at the start alone. Bounds the space
 * of young objects, which V8 makes large where memory is plenty; and leaves a core to the thread that
 * answers, which on two cores the collector's four helpers take turns in keeping from its work.
 */
export const SERVER_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=32',
  `--v8-pool-size=${helperThreads(availableParallelism())}`,
];

/** How many threads may help that which answers, on so many cores. */
export function helperThreads(cores: number): number {
  return Math.min(HELPER_THREADS_MAX, Math.max(1, cores - 1));
}

/**
 * Keeps the process small. V8 lets the heap grow to a multiple of what is alive where memory is
 * plenty; a bank makes much and keeps little, so that most of what it took was garbage. A full
 * collection disturbs everybody for some 100 ms, so they must stay rare, too: what may gather is what
 * the bound of the heap leaves beside what is alive.
 * Call once, when the program starts.
 */
export function boundHeapGrowth(): void {
  // After a flood, of which much survived, V8 would make the same objects old from the start for good.
  setFlagsFromString('--no-allocation-site-pretenuring');
  allowGrowth(GROWTH_PERCENT_FIRST);
  const observer = new PerformanceObserver((list) => {
    if (!list.getEntries().some(isFullCollection)) return;
    allowGrowth(growthPercent(getHeapStatistics().used_heap_size));
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** By how much of itself a heap may grow of which so many bytes are alive. */
export function growthPercent(aliveBytes: number): number {
  const alive = Math.max(1, aliveBytes);
  const percent = Math.round((100 * (HEAP_BYTES - alive)) / alive);
  return Math.min(GROWTH_PERCENT_MAX, Math.max(GROWTH_PERCENT_MIN, percent));
}

function allowGrowth(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

function isFullCollection(entry: PerformanceEntry): boolean {
  if (!('detail' in entry)) return false;
  const { detail } = entry;
  return (
    typeof detail === 'object' &&
    detail !== null &&
    'kind' in detail &&
    detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
  );
}
