import { totalmem } from 'node:os';
import process from 'node:process';

/**
 * What an acknowledged commit rests on. They are PostgreSQL's defaults, given explicitly so that no configuration
 * file, no ALTER SYSTEM and no caller can relax them.
 */
const durability = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

const MIB = 1024 * 1024;

/** Marks a postmaster as ours in its command line and in the process list. */
const clusterName = 'lastro';

/** For a ledger: one writer that commits often and in small blocks, short reads by index, few cores. */
const forLedger: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: `${sharedBuffersMiB(memoryBytes())}MB`,
  // The default, an n-th of shared_buffers, is 4 MB: one large block of the engine would have to write it out in the middle.
  wal_buffers: '16MB',
  // Every checkpoint makes the next change of each page log the whole page; with the default of 1 GB and 5 minutes
  // a busy ledger spends most of its log on that. Twice as rare bounds recovery at about 1 GB of log.
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Keeps written-out segments for reuse: filling a new one with zeros and syncing it stalls a commit.
  min_wal_size: '512MB',
  // This build has no lz4, only pglz, and the CPU is what commits lack.
  wal_compression: 'off',
  // Compiling a plan takes longer than any statement of ours.
  jit: 'off',
  // A report must not take the cores away from the commits; also spares /dev/shm, which is 64 MB in a container.
  max_parallel_workers_per_gather: '0',
  // Solid state: a random page costs what the next one does. The default of 4 prefers reading whole tables.
  random_page_cost: '1.1',
  // Statements of a killed client end within a second, not when they are done.
  client_connection_check_interval: '1s',
  // The log names what failed, without the texts and values of people's statements.
  log_min_error_statement: 'panic',
  log_timezone: 'UTC',
  timezone: 'UTC',
  // We read the log.
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
};

/** The first major version that knows `vacuum_buffer_usage_limit`. */
const VACUUM_LIMIT_SINCE = 16;

/**
 * With the default, a ring of 2 MB, a vacuum has to have the log written out before it can use a page of
 * the ring again, and every commit waits behind that.
 */
const forVacuum: Readonly<Record<string, string>> = { vacuum_buffer_usage_limit: '0' };

/**
 * So that the accounts of a large bank and their keys stay in it: what falls out is copied back page by
 * page, and what was changed must be written first. A sixteenth of the machine's memory, which other
 * programs share, from 128 to 512 MiB; only what is used of it is taken.
 * @param memory bytes
 */
export function sharedBuffersMiB(memory: number): number {
  return Math.min(512, Math.max(128, Math.floor(memory / MIB / 16)));
}

/** Of the machine, or of the container that this runs in. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Arguments of `postgres`, of this major version, for a cluster on 127.0.0.1:`port`. Throws when `extra` would relax durability. */
export function postgresArguments(
  major: number,
  dataFolder: string,
  port: number,
  owner: string,
  extra: Readonly<Record<string, string>>,
): string[] {
  for (const name of Object.keys(extra)) {
    if (name.toLowerCase() in durability)
      throw new Error(`the setting ${name} may not be changed: acknowledged transfers rest on it`);
  }
  const settings = {
    ...forLedger,
    ...(major >= VACUUM_LIMIT_SINCE ? forVacuum : {}),
    ...extra,
    ...durability,
    cluster_name: clusterName,
    'lastro.owner': owner,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
  };
  return [
    '-D',
    dataFolder,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}
