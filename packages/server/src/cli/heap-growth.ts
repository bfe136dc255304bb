import { setFlagsFromString } from 'node:v8';

/** By how much the heap may grow past what was alive after the last full collection. */
const GROWTH_PERCENT = 50;

/**
 * Keeps the process small. V8 lets the heap grow to a multiple of what is alive where memory is
 * plenty; a bank makes much and keeps little, so that most of what it took was garbage. Measured with
 * batches of 1000 under way: 350 MB instead of 510 MB at the peak, at the same rate.
 * Call once, when the program starts.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
