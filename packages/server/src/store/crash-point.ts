import { writeSync } from 'node:fs';
import process from 'node:process';

/**
 * Every place where this program can be made to die, in the order in which a life reaches them.
 * `tests/crash` holds a test for each; `docs/internals/faults.md` says how to run one by hand.
 */
export const CRASH_POINTS = [
  /** The new cluster and its password file are there, and the cluster has not got its name yet. */
  'cluster-before-rename',
  /** The embedded PostgreSQL was spawned and does not accept connections yet. */
  'postgres-starting',
  /** Between two migrations. */
  'before-migration',
  /** The text of a migration ran, and its name is not recorded. */
  'within-migration',
  /** Block 0 is inserted, and head does not exist. */
  'within-first-block',
  /** Head is locked by this process, and the rows that a block needs were just read. */
  'loaded-behind-head',
  /** Holds were found due, and their release is not written. */
  'holds-due',
  /** A block was decided, and nothing of it was sent. */
  'before-block',
  /** PostgreSQL has some statements of a block, without COMMIT. */
  'between-statements',
  /** PostgreSQL has a whole block with its COMMIT, and has not answered. */
  'commit-sent',
  /** A block is committed, and nobody was told. */
  'block-committed',
  /** What was due where no command came is recorded, and this process has not taken note. */
  'sweep-committed',
  /** The fate of an earlier block is open, and head is locked to learn it. */
  'recovery-head-locked',
  /** An earlier block does not stand, and its commands are about to be written again. */
  'recovery-before-rewrite',
  /** An earlier block was found to stand, and nobody was told. */
  'recovery-block-found',
  /** Asked to stop, with the connections still open. */
  'draining',
  /** A backup is whole and on the disk, and has not got its name yet. */
  'backup-before-rename',
  /** The place of a restore is marked, and nothing of the bank is in it. */
  'restore-marked',
  /** Some tables of a restore are in, in its open transaction. */
  'restore-within-copy',
  /** A restore is checked and whole, and not committed. */
  'restore-before-commit',
  /** A restore is committed, and nobody was told. */
  'restore-committed',
  /** A cross-bank transaction is begun here, own holds and all, and no Prepare has left. */
  'cross-begun',
  /** A yes to another bank's Prepare stands with its holds, and the vote has not left. */
  'cross-promised',
  /** The coordinator has every yes in hand, and has not asked the register. */
  'cross-votes-in',
  /** The register has said what stands there, and nothing of it is applied here. */
  'cross-decided',
  /** A peer has said the decision, and nothing of it is applied here. */
  'cross-apply-heard',
  /** The decision is applied here, and nobody was told: neither a client nor a peer. */
  'cross-applied',
  /** Every other bank has acknowledged, and this is not recorded. */
  'cross-acknowledged',
  /** About to write abort in the register: its time is up, or somebody has said no. */
  'cross-recovering',
  /** What waits for a bank that is away is kept, and the client was not told. */
  'cross-queued',
  /** The bank is back and this process was to begin what waited for it. */
  'cross-queued-claimed',
  /** What waited is begun, and still kept as waiting. */
  'cross-queued-begun',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

interface Armed {
  readonly point: CrashPoint;
  /** So many times it is still passed alive. */
  passes: number;
  readonly die: () => void;
}

/** The one state that this program shares: fault points lie too deep to be handed one. */
let armed: Armed | undefined;

/**
 * Does nothing, unless this point was armed: then this process dies here, as by `kill -9`.
 * `first` runs just before, to bring the outside into the state that the point stands for.
 */
export function crashPoint(point: CrashPoint, first?: () => void): void {
  if (armed === undefined || armed.point !== point) return;
  armed.passes -= 1;
  if (armed.passes >= 0) return;
  first?.();
  armed.die();
}

/**
 * Arms one point. `at`: its name, or `name:n` for the n-th time (from 1) that it is reached; undefined
 * or empty disarms. Throws for a name that is none, for a test that never crashes would pass.
 */
export function armCrashPoint(at: string | undefined, die = killSelf): void {
  armed = undefined;
  if (at === undefined || at === '') return;
  const [name, time = '1', more] = at.split(':');
  const point = CRASH_POINTS.find((known) => known === name);
  if (point === undefined || more !== undefined || !/^[1-9]\d{0,8}$/.test(time)) {
    throw new Error(
      `LASTRO_CRASH_AT: "${at}" is no crash point; one of ${CRASH_POINTS.join(', ')}`,
    );
  }
  armed = { point, passes: Number(time) - 1, die: () => die(point) };
}

function killSelf(point: CrashPoint): void {
  writeSync(process.stderr.fd, `crash point ${point}\n`);
  process.kill(process.pid, 'SIGKILL');
}
