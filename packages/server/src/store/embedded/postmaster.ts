import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { ClusterFiles } from './cluster-files.ts';
import { processIdentity } from './processes.ts';
import { mayEnter } from './run-as.ts';
import type { RunAs } from './run-as.ts';
import { bareEnvironment } from './run-program.ts';
import type { ServerLog } from './server-log.ts';
import { postgresArguments } from './settings.ts';

const fastStopMs = 10_000;
const immediateStopMs = 5_000;

/** All that a start needs to know. */
export interface Cluster {
  readonly files: ClusterFiles;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly password: string;
  readonly log: ServerLog;
  readonly settings: Readonly<Record<string, string>>;
  readonly onLog: (message: string) => void;
}

/** One run of the `postgres` program. */
export interface Postmaster {
  readonly pid: number;
  /** Resolves when it is gone, saying how ("code 1", "signal SIGKILL"). */
  readonly exited: Promise<string>;
  /** Where its lines begin in the log. */
  readonly logStart: number;
  /** Does nothing once it is gone, so never hits another process with the same pid. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Spawns `postgres`, in its own process group so that Ctrl-C in a terminal reaches only us, and we stop it when we
 * are done. It gets SIGINT from the kernel when this thread dies, where setpriv exists.
 */
export async function spawnPostmaster(cluster: Cluster, port: number): Promise<Postmaster> {
  const { files, binaries, runAs, log, settings } = cluster;
  const owner = (await processIdentity(process.pid)) ?? String(process.pid);
  // Where "nobody" may not pass through the folders above (/root), it gets the folder itself, open.
  const throughDescriptor = !(await mayEnter(runAs, dirname(files.folder)));
  const folder = throughDescriptor ? openSync(files.folder, 'r') : undefined;
  const logStart = log.position();
  try {
    const args = postgresArguments(
      binaries.major,
      folder === undefined ? files.folder : '/proc/self/fd/3',
      port,
      owner,
      settings,
    );
    const [program = '', ...rest] = [...runAs.prefix, binaries.postgres, ...args];
    const child = spawn(program, rest, {
      cwd: '/',
      env: bareEnvironment(),
      detached: true,
      stdio: ['ignore', log.descriptor, log.descriptor, ...(folder === undefined ? [] : [folder])],
    });
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `code ${code}` : `signal ${signal}`),
      );
      child.once('error', (error) => resolve(error.message));
    });
    if (child.pid === undefined) throw new Error(`${program} could not be run: ${await exited}`);
    return { pid: child.pid, exited, logStart, kill: (signal) => void child.kill(signal) };
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

/** Fast shutdown; after 10 s immediate shutdown; after 5 more SIGKILL. Resolves when it is gone. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', immediateStopMs],
    ['SIGKILL', immediateStopMs],
  ];
  for (const [signal, timeoutMs] of steps) {
    postmaster.kill(signal);
    if (await exitsWithin(postmaster, timeoutMs)) return;
  }
}

async function exitsWithin(postmaster: Postmaster, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([postmaster.exited.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
