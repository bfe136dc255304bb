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
  /** The one whose `decideBy` lies too far ahead for the others. */
  readonly patientBank: boolean;
  /** Of each bank's clock, in milliseconds, either way. */
  readonly clockSkewMs: number;
  /** A bank that ends in the middle and stays away: for weeks, or for good. */
  readonly gone: 'no' | 'for weeks' | 'for good';
  /** A bank that was given another register than the others. */
  readonly strayMember: boolean;
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
  patientBank: false,
  clockSkewMs: 0,
  gone: 'no',
  strayMember: false,
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
    ...oneGreatMisfortune(random),
    rogue: some(0.01, 0.05),
    ...clocks(random),
    fundsScarce: random.chance(0.5),
  };
}

/** What is assumed to come alone: who forgets needs the others to remember. */
function oneGreatMisfortune(random: Random): Pick<FaultPlan, 'putBack' | 'gone' | 'strayMember'> {
  const none = { putBack: 'nothing', gone: 'no', strayMember: false } as const;
  switch (random.between(0, 9)) {
    case 0:
    case 1:
    case 2:
      return { ...none, putBack: 'bank' };
    case 3:
    case 4:
      return { ...none, putBack: 'register' };
    case 5:
      return { ...none, gone: 'for weeks' };
    case 6:
      return { ...none, gone: 'for good' };
    case 7:
      return { ...none, strayMember: random.chance(0.5) };
    default:
      return none;
  }
}

/** A patient bank takes a clock that is far ahead for patience like its own. */
function clocks(random: Random): Pick<FaultPlan, 'patientBank' | 'clockSkewMs'> {
  const isFarOff = random.chance(0.1);
  return {
    patientBank: !isFarOff && random.chance(0.1),
    clockSkewMs: isFarOff ? 3_600_000 : random.pick([0, 1_500]),
  };
}
