import { rm, mkdtemp } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../packages/server/src/store/embedded/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that answers with the URL of the run's PostgreSQL. */
    readonly postgresSocket: string;
  }
}

/** Two files of tests at once, each with banks of several processes and their readers. */
const SETTINGS = { max_connections: '300' };

/**
 * One PostgreSQL for a whole vitest run, started when the first test asks for it and stopped with
 * its folder at the end. Tests get it through `createDatabase`.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-tests-'));
  let starting: Promise<EmbeddedPostgres> | undefined;
  const answer = (socket: Socket) => {
    starting ??= startEmbeddedPostgres({ folder: join(folder, 'postgres'), settings: SETTINGS });
    socket.on('error', () => socket.destroy());
    starting.then(
      (postgres) => socket.end(postgres.url('postgres')),
      (error: unknown) => socket.end(`failed: ${String(error)}`),
    );
  };
  const server = createServer(answer);
  const socketPath = join(folder, 'ask');
  await listen(server, socketPath);
  project.provide('postgresSocket', socketPath);
  return async () => {
    server.close();
    const postgres = await starting?.catch(() => undefined);
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
