import { setFlagsFromString } from 'node:v8';

/** By how much the heap may grow past what was alive after the last full collection. */
const GROWTH_PERCENT = 200;

/**
 * For the command line of a process that serves, since V8 takes it at the start alone: bounds the space of
 * young objects, which V8 makes large where memory is plenty.
 */
export const SERVER_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=32'];

/**
 * Keeps the process small. V8 lets the heap grow to a multiple of what is alive where memory is
 * plenty; a bank makes much and keeps little, so that most of what it took was garbage. A full
 * collection stops everybody for some 20 ms, so they must stay rare: with half of this bound they
 * came every three seconds, and the slowest hundredth of requests waited twice as long.
 * Call once, when the program starts.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
