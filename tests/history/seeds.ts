import process from 'node:process';
import { rounds } from '../faults/fixtures/rounds.ts';

/** Runs of each kind in the longer run: as many without fault as with each kind of fault. */
const LONG_RUNS = 15;

/** Some seconds on a machine with nothing else to do. */
export const RUN_TIMEOUT_MS = 600_000;

/** The numbers of the runs: one in `npm test` or when a seed is to be repeated, else many. */
export function runNumbers(): readonly number[] {
  const isRepeat = process.env['LASTRO_SEED'] !== undefined;
  return Array.from({ length: isRepeat ? 1 : rounds(1, LONG_RUNS) }, (_, index) => index + 1);
}
