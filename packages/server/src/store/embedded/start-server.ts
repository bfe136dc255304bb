import { setTimeout as sleep } from 'node:timers/promises';
import { crashPoint } from '../crash-point.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { explainFailure } from './explain-failure.ts';
import type { StartFailure } from './explain-failure.ts';
import { superuser } from './initialise-cluster.ts';
import { choosePort } from './port.ts';
import { spawnPostmaster, stopPostmaster } from './postmaster.ts';
import type { Cluster, Postmaster } from './postmaster.ts';
import { probe } from './probe.ts';
import type { ProbeResult } from './probe.ts';
import { endOrphanBackends, settleLeftovers } from './settle-leftovers.ts';

/** For passing reasons (shared memory of a killed server, a port just taken) a start is tried again this long. */
const retryMs = 30_000;
const retryPauseMs = 100;
/** To accept connections; while it says that it is recovering, longer. */
const readyMs = 30_000;
const recoveryMs = 5 * 60_000;
const probeIntervalMs = 15;
const progressIntervalMs = 5_000;

export interface RunningServer {
  readonly postmaster: Postmaster;
  readonly port: number;
}

/**
 * Starts PostgreSQL and waits until it accepts connections. With `port` on that one, else on the one of the last run
 * or another free one. Rejects with an `EmbeddedPostgresError`, or the signal's reason; then nothing runs.
 */
export async function startServer(
  cluster: Cluster,
  options: { port?: number | undefined; signal?: AbortSignal | undefined },
): Promise<RunningServer> {
  const { files, onLog } = cluster;
  const deadline = performance.now() + retryMs;
  let taken: number | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    await settleLeftovers(files.folder, onLog);
    const port = options.port ?? (await choosePort(files.port, taken));
    const result = await startOnce(cluster, port, options.signal);
    if (result.kind === 'running') return { postmaster: result.postmaster, port };
    if (result.kind === 'error') throw result.error;
    if (performance.now() >= deadline) throw stillThere(result.kind, files.folder, port);
    if (result.kind === 'shared_memory_in_use') await endOrphanBackends(files.folder);
    else taken = port;
    await sleep(retryPauseMs);
  }
}

type StartResult = { readonly kind: 'running'; readonly postmaster: Postmaster } | StartFailure;

async function startOnce(
  cluster: Cluster,
  port: number,
  signal: AbortSignal | undefined,
): Promise<StartResult> {
  const postmaster = await spawnPostmaster(cluster, port);
  crashPoint('postgres-starting');
  try {
    const failure = await waitUntilReady(cluster, postmaster, port, signal);
    if (failure === undefined) return { kind: 'running', postmaster };
    await stopPostmaster(postmaster);
    return failure;
  } catch (error) {
    await stopPostmaster(postmaster);
    throw error;
  }
}

async function waitUntilReady(
  cluster: Cluster,
  postmaster: Postmaster,
  port: number,
  signal: AbortSignal | undefined,
): Promise<StartFailure | undefined> {
  const { files, log, onLog, password } = cluster;
  const begin = performance.now();
  let nextProgress = begin + progressIntervalMs;
  let last: ProbeResult = 'silent';
  for (;;) {
    signal?.throwIfAborted();
    const result = await Promise.race([
      postmaster.exited.then((how) => ({ how })),
      probe({ port, user: superuser, password }),
    ]);
    const logTail = log.tailSince(postmaster.logStart);
    if (typeof result === 'object')
      return explainFailure(
        `PostgreSQL stopped while starting with ${result.how}`,
        logTail,
        files.folder,
        files.log,
      );
    if (result === 'ready') return undefined;
    if (result === 'broken')
      return explainFailure(
        'PostgreSQL started and refuses connections',
        logTail,
        files.folder,
        files.log,
      );
    if (result === 'password_refused')
      return refusal(
        `The password in ${files.password} is not that of the database in ${files.folder}: put back the file that belongs to it.`,
        logTail,
      );
    last = result === 'starting' ? 'starting' : last;
    const waited = performance.now() - begin;
    if (waited > (last === 'starting' ? recoveryMs : readyMs)) {
      return refusal(
        `PostgreSQL did not accept connections within ${Math.round(waited / 1000)} s: see ${files.log}.`,
        logTail,
      );
    }
    if (performance.now() >= nextProgress) {
      nextProgress += progressIntervalMs;
      onLog(
        `PostgreSQL is still ${last === 'starting' ? 'recovering' : 'starting'} after ${Math.round(waited / 1000)} s`,
      );
    }
    await sleep(probeIntervalMs);
  }
}

function refusal(sentence: string, logTail: string): StartFailure {
  return {
    kind: 'error',
    error: new EmbeddedPostgresError('postgres_start_failed', sentence, { logTail }),
  };
}

function stillThere(
  kind: 'shared_memory_in_use' | 'port_taken',
  folder: string,
  port: number,
): EmbeddedPostgresError {
  return kind === 'port_taken'
    ? new EmbeddedPostgresError(
        'postgres_start_failed',
        `Port ${port} on 127.0.0.1 stayed taken for ${retryMs / 1000} s: stop the program that listens there.`,
      )
    : new EmbeddedPostgresError(
        'postgres_in_use',
        `Processes of an earlier PostgreSQL still hold the shared memory of ${folder} after ${retryMs / 1000} s: end them and start again.`,
      );
}
