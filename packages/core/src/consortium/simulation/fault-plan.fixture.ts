import type { Random } from './random.fixture.ts';

/** What goes wrong in one run, and how often. Probabilities per message or step. */
export interface FaultPlan {
  readonly lost: number;
  readonly repeated: number;
  /** A message that arrives minutes, hours or days late. */
  readonly late: number;
  readonly delayMaxMs: number;
  /** Of a link, in one direction or both, per second. */
  readonly cut: number;
  /** Of a bank's process, per step, with all that it remembers. */
  readonly crash: number;
  /** Of a bank's process, per second. */
  readonly pause: number;
  /** Of a coordinator that is about to have its commit decided. */
  readonly pauseBeforeCommit: number;
  /** Of the register, per second. */
  readonly registerAway: number;
  readonly registerSlow: number;
  /** A bank put back to an old copy, or the register, or neither. */
  readonly putBack: 'bank' | 'register' | 'nothing';
  /** A faulty bank's messages: another body under an id, a commit that isn't complete. */
  readonly rogue: number;
  readonly fundsScarce: boolean;
}

export const NO_FAULTS: FaultPlan = {
  lost: 0,
  repeated: 0,
  late: 0,
  delayMaxMs: 30,
  cut: 0,
  crash: 0,
  pause: 0,
  pauseBeforeCommit: 0,
  registerAway: 0,
  registerSlow: 0,
  putBack: 'nothing',
  rogue: 0,
  fundsScarce: false,
};

/** Each run has some of the faults, each mild or wild: all at once would hide most of them. */
export function randomFaults(random: Random): FaultPlan {
  const some = (mild: number, wild: number): number =>
    random.chance(0.45) ? 0 : random.chance(0.7) ? mild : wild;
  return {
    lost: some(0.05, 0.3),
    repeated: some(0.05, 0.4),
    late: some(0.02, 0.1),
    delayMaxMs: random.pick([20, 100, 2_000]),
    cut: some(0.03, 0.15),
    crash: some(0.01, 0.06),
    pause: some(0.01, 0.05),
    pauseBeforeCommit: some(0.05, 0.3),
    registerAway: some(0.02, 0.08),
    registerSlow: some(0.1, 0.5),
    putBack: random.pick(['bank', 'register', 'nothing', 'nothing'] as const),
    rogue: some(0.01, 0.05),
    fundsScarce: random.chance(0.5),
  };
}
