import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, vi } from 'vitest';
import { newKey } from '../harness/bank-in-process.ts';
import { startBankProcess } from '../harness/bank-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import { abandonDatabase, createDatabase, query } from '../harness/postgres.ts';
import { openAccount } from '../harness/seeding.ts';
import { postgresProcessesOf } from '../../packages/server/src/store/embedded/processes.ts';
import { deathOf } from './crash-world.ts';
import { testAt } from './test-at.ts';

vi.setConfig({ testTimeout: 120_000 });

const MIGRATIONS = readdirSync(
  join(import.meta.dirname, '../../packages/server/src/store/migrations'),
).toSorted();

async function emptyDatabase(): Promise<string> {
  const url = await createDatabase();
  onTestFinished(() => abandonDatabase(url));
  return url;
}

/** A server that dies there while it starts on this database. */
async function diesStarting(databaseUrl: string, at: string): Promise<void> {
  const environment = { LASTRO_CRASH_AT: at };
  const log = await deathOf(() => startBankProcess({ databaseUrl, environment }));
  expect(log).toContain(`crash point ${at.split(':')[0]}\n`);
}

/** The next server makes whole what is missing, and serves. */
async function expectServes(databaseUrl: string): Promise<void> {
  const bank = await startBankProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  await openAccount(bank, 'ana', 100);
  await checkBooks(bank);
  expect(await appliedIn(databaseUrl)).toEqual(MIGRATIONS);
}

async function appliedIn(databaseUrl: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    databaseUrl,
    'select name from migration order by name',
  );
  return rows.map(({ name }) => name);
}

testAt('before-migration', async (point) => {
  const url = await emptyDatabase();
  await diesStarting(url, `${point}:2`);
  expect(await appliedIn(url)).toEqual(MIGRATIONS.slice(0, 1));
  await expectServes(url);
});

testAt('within-migration', async (point) => {
  const url = await emptyDatabase();
  await diesStarting(url, point);
  expect(await appliedIn(url)).toEqual([]);
  await diesStarting(url, `${point}:${MIGRATIONS.length}`);
  expect(await appliedIn(url)).toEqual(MIGRATIONS.slice(0, -1));
  await expectServes(url);
});

testAt('within-first-block', async (point) => {
  const url = await emptyDatabase();
  await diesStarting(url, point);
  await eventually('nothing of it is there', async () => {
    const rows = await query(url, 'select 1 from block');
    return rows.length === 0;
  });
  await expectServes(url);
});

/** `lastro serve` with an embedded PostgreSQL in this folder, as a person starts it. */
async function serve(data: string, crashAt: string) {
  const launcher = join(import.meta.dirname, '../../packages/server/bin/lastro.mjs');
  const key = newKey();
  const port = await freePort();
  const program = spawn(
    process.execPath,
    [launcher, 'serve', '--bank', 'crash', '--data', data, '--port', String(port)],
    {
      env: { ...process.env, LASTRO_CRASH_AT: crashAt, LASTRO_BOOTSTRAP_KEY: key },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const exited = once(program, 'exit').then(([code, signal]: unknown[]) => ({ code, signal }));
  onTestFinished(() => void program.kill('SIGKILL'));
  return { program, url: `http://127.0.0.1:${port}`, key, exited, errors: text(program.stderr) };
}

async function diesServing(data: string, point: string): Promise<void> {
  const { exited, errors } = await serve(data, point);
  expect(await exited, await errors).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await errors).toContain(`crash point ${point}\n`);
}

async function expectServesFrom(data: string): Promise<void> {
  const { program, url, key, exited } = await serve(data, '');
  const headers = { authorization: `Bearer ${key}` };
  const answer = await eventually(
    'it serves sound books',
    async () =>
      (await fetch(`${url}/v1/consistency`, { headers })).json() as Promise<{ ok: boolean }>,
    60_000,
  );
  expect(answer.ok).toBe(true);
  program.kill('SIGTERM');
  expect(await exited).toEqual({ code: 0, signal: null });
}

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastro-crash-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

testAt('cluster-before-rename', async (point) => {
  const data = dataFolder();
  await diesServing(data, point);
  expect(existsSync(join(data, 'postgres'))).toBe(false);
  await expectServesFrom(data);
  expect(readdirSync(data).filter((name) => name.includes('.new-'))).toEqual([]);
});

testAt('postgres-starting', async (point) => {
  const data = dataFolder();
  await diesServing(data, point);
  await eventually('its PostgreSQL ended with it', async () => {
    return (await postgresProcessesOf(join(data, 'postgres'))).length === 0;
  });
  await expectServesFrom(data);
});
