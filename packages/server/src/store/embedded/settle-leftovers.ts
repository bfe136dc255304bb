import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import {
  commandLine,
  isPostgresOf,
  postgresProcessesOf,
  processIdentity,
  signalProcess,
} from './processes.ts';
import { systemErrorCode } from './system-error.ts';
import { waitUntil } from './wait-until.ts';

/** How long a server whose Lastro died gets to stop fast (it has been at it since), and then at once. */
const fastStopMs = 25_000;
const immediateStopMs = 5_000;
const backendStopMs = 3_000;

/**
 * Sees to it that no postmaster works in `folder`. Only for the holder of our lock, so one that is alive is
 * - an orphan, whose Lastro was killed: the kernel has told it to stop; we tell it again, for where there is no
 *   parent-death signal, and wait (at most 30 s);
 * - somebody else's, or that of a Lastro whose lock file was deleted: `postgres_in_use`.
 */
export async function settleLeftovers(
  folder: string,
  onLog: (message: string) => void,
): Promise<void> {
  const pid = await recordedPid(folder);
  if (pid === undefined) return;
  if (!(await isPostgresOf(pid, folder))) {
    // Its pid may have gone to another program, which PostgreSQL would take for a running server.
    if (signalProcess(pid, 0)) await rm(join(folder, 'postmaster.pid'), { force: true });
    return;
  }
  if (!(await isOrphan(pid))) throw inUse(folder, pid);
  onLog(`waiting for the previous PostgreSQL (process ${pid}) to stop`);
  const gone = async (): Promise<boolean> => !(await isPostgresOf(pid, folder));
  for (const [signal, timeoutMs] of [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', immediateStopMs],
  ] as const) {
    signalProcess(pid, signal);
    if (await waitUntil(gone, timeoutMs)) return;
  }
  throw inUse(folder, pid);
}

/**
 * Ends the processes that a killed postmaster left in `folder` and that hold its shared memory. Most notice by
 * themselves within milliseconds; one that is computing doesn't. They can commit nothing that anyone waits for.
 */
export async function endOrphanBackends(folder: string): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    for (const pid of await postgresProcessesOf(folder)) signalProcess(pid, signal);
    if (
      await waitUntil(async () => (await postgresProcessesOf(folder)).length === 0, backendStopMs)
    )
      return;
  }
}

/** The pid in `postmaster.pid`, which is there while a postmaster runs and after it was killed. */
async function recordedPid(folder: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a Lastro started it that doesn't live any more. */
async function isOrphan(pid: number): Promise<boolean> {
  const command = await commandLine(pid);
  if (command === undefined) return true;
  const owner = /lastro\.owner=(\S+)/.exec(command)?.[1];
  if (owner === undefined) return false;
  return (await processIdentity(Number.parseInt(owner, 10))) !== owner;
}

function inUse(folder: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'postgres_in_use',
    `Another PostgreSQL (process ${pid}) works in ${folder}: stop it first, or choose another data folder.`,
  );
}
