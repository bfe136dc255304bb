import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../packages/server/src/store/embedded/index.ts';
import { migrate } from '../../packages/server/src/store/migrate.ts';
import { BANK_TEMPLATE } from './bank-template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that answers with the URL of the run's PostgreSQL. */
    readonly postgresSocket: string;
  }
}

const SETTINGS = {
  // Two files of tests at once, each with banks of several processes and their readers.
  max_connections: '300',
  // Databases stay until the end, some hundred of them: they share a turn of the vacuum, and the log
  // takes no more of the disk than they do.
  autovacuum_naptime: '15min',
  max_wal_size: '1GB',
};

const REMOVAL = { recursive: true, force: true, maxRetries: 10 } as const;

/** Of a run's folder, with the process id of its owner. */
const FOLDER = /^lastro-tests-(\d+)-/;

/**
 * One PostgreSQL for a whole vitest run, started when the first test asks for it and stopped with
 * its folder at the end. Tests get it through `createDatabase`.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `lastro-tests-${process.pid}-`));
  let starting: Promise<EmbeddedPostgres> | undefined;
  let running: EmbeddedPostgres | undefined;
  const answer = (socket: Socket) => {
    starting ??= startWithTemplate(join(folder, 'postgres'));
    socket.on('error', () => socket.destroy());
    starting.then(
      (postgres) => {
        running = postgres;
        socket.end(postgres.url('postgres'));
      },
      (error: unknown) => socket.end(`failed: ${String(error)}`),
    );
  };
  const server = createServer(answer);
  const socketPath = join(folder, 'ask');
  await listen(server, socketPath);
  project.provide('postgresSocket', socketPath);
  // A run that is interrupted ends without its teardown.
  const leave = () => {
    if (running !== undefined) killIfAlive(running.pid);
    rmSync(folder, REMOVAL);
  };
  process.once('exit', leave);
  return async () => {
    process.off('exit', leave);
    server.close();
    const postgres = await starting?.catch(() => undefined);
    await postgres?.stop();
    await rm(folder, REMOVAL);
  };
}

async function startWithTemplate(folder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ folder, settings: SETTINGS });
  await postgres.ensureDatabase(BANK_TEMPLATE);
  const client = new pg.Client({ connectionString: postgres.url(BANK_TEMPLATE) });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await migrate(client);
  } catch (error) {
    await postgres.stop();
    throw error;
  } finally {
    await client.end();
  }
  return postgres;
}

/** What runs left behind that were killed; their PostgreSQL has ended with them. */
async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir());
  for (const name of names) {
    const owner = FOLDER.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(tmpdir(), name), REMOVAL);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
