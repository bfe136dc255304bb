import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../packages/server/src/store/embedded/index.ts';
import type { Cleanups } from './cleanups.ts';
import { postgresSeconds } from './process-usage.ts';

/** The one PostgreSQL under lanes and baselines alike. */
export interface BenchPostgres {
  /** Makes an empty UTF-8 database and gives its URL; it goes when the bench ends. */
  createDatabase(name: string): Promise<string>;
  /** Seconds of processor time of all its processes; undefined where it runs elsewhere. */
  seconds(): number | undefined;
}

const TMPFS_MAGIC = 0x01_02_19_94;

/** Starts a PostgreSQL in a fresh folder below the working folder, which goes with the bench. */
export async function startOwnPostgres(
  cleanups: Cleanups,
  warn: (message: string) => void,
): Promise<BenchPostgres> {
  const folder = await mkdtemp(join(process.cwd(), '.lastro-bench-'));
  cleanups.add(`removing ${folder}`, () =>
    rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  );
  if ((await statfs(folder)).type === TMPFS_MAGIC) {
    warn(`${folder} lies in memory, so commits cost nothing here: run the bench on a disk.`);
  }
  const interruption = new AbortController();
  const starting = startEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    signal: interruption.signal,
  });
  // Handed over before it runs: Ctrl-C may come while it starts.
  cleanups.add('stopping PostgreSQL', async () => {
    interruption.abort();
    const [started] = await Promise.allSettled([starting]);
    if (started.status === 'fulfilled') await started.value.stop();
  });
  const postgres = await starting;
  return {
    async createDatabase(name) {
      await postgres.ensureDatabase(name);
      return postgres.url(name);
    },
    seconds: () => postgresSeconds(postgres.pid),
  };
}

/** Uses a PostgreSQL that is there; its login must be allowed to create databases. */
export function useGivenPostgres(url: string, runId: string, cleanups: Cleanups): BenchPostgres {
  return {
    async createDatabase(name) {
      const database = `lastro_bench_${runId}_${name}`;
      await administer(url, `create database ${database} template template0 encoding 'UTF8'`);
      cleanups.add(`dropping ${database}`, () =>
        administer(url, `drop database if exists ${database} with (force)`),
      );
      const own = new URL(url);
      own.pathname = `/${database}`;
      return own.href;
    },
    seconds: () => undefined,
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
