import process from 'node:process';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../packages/server/src/store/embedded/index.ts';
import { postgresProcessesOf } from '../../packages/server/src/store/embedded/processes.ts';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { balanceOf, checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { query } from '../harness/postgres.ts';
import { atOnce, openAccount, tally } from '../harness/seeding.ts';
import { startOwnPostgres, type OwnPostgres } from './fixtures/own-postgres.ts';

vi.setConfig({ testTimeout: 120_000 });

let own: OwnPostgres;

beforeAll(async () => {
  own = await startOwnPostgres();
});

afterAll(async () => {
  await own.remove();
});

interface World {
  readonly databaseUrl: string;
  readonly bank: BankProcess;
}

async function startWorld(): Promise<World> {
  const databaseUrl = await own.createDatabase();
  const bank = await startBankProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  await openAccount(bank, 'ana', 10_000);
  await openAccount(bank, 'bia');
  return { databaseUrl, bank };
}

interface Told {
  readonly id: string;
  readonly status: number;
  readonly code: unknown;
  readonly retryable: unknown;
  readonly hasRetryAfter: boolean;
  readonly tookMs: number;
}

async function post(bank: BankProcess, id: string = crypto.randomUUID()): Promise<Told> {
  const begin = performance.now();
  const body = { id, from: 'ana', to: 'bia', amount: 1 };
  const reply = await bank.call('POST', '/v1/transfers', body);
  return {
    id,
    status: reply.status,
    code: reply.body['code'],
    retryable: reply.body['retryable'],
    hasRetryAfter: reply.headers['retry-after'] !== undefined,
    tookMs: performance.now() - begin,
  };
}

async function read(bank: BankProcess, path = '/v1/accounts/bia') {
  const begin = performance.now();
  const reply = await bank.call('GET', path);
  const { status, headers } = reply;
  const code = reply.body['code'];
  return { status, code, retryAfter: headers['retry-after'], tookMs: performance.now() - begin };
}

const PATHS = ['/v1/accounts/bia', '/v1/transfers', '/v1/trial-balance', '/v1/consistency'];

/** From a dead socket to the end of the engine's patience and one more try to connect. */
const PROMPT_MS = 6_000;

test('PostgreSQL stands still: nobody waits past the deadline, and what was unknown settles', async () => {
  const { bank } = await startWorld();
  await atOnce(20, () => post(bank));
  // So that there are connections that go silent, beside those that can't be made.
  await Promise.all(PATHS.map((path) => read(bank, path)));
  const stopped = await postgresProcessesOf(own.folder);
  expect(stopped).toContain(own.server.pid);
  const signal = (name: NodeJS.Signals) => {
    for (const pid of stopped) {
      try {
        process.kill(pid, name);
      } catch {
        // A server process that ended meanwhile.
      }
    }
  };
  const deadlineMs = 10_000;
  const littleMs = 2_000;
  signal('SIGSTOP');
  let told: Told[];
  let readings: Awaited<ReturnType<typeof read>>[];
  try {
    [told, readings] = await Promise.all([
      atOnce(100, () => post(bank)),
      Promise.all([...PATHS, ...PATHS, ...PATHS, ...PATHS].map((path) => read(bank, path))),
    ]);
  } finally {
    signal('SIGCONT');
  }
  const codes = Object.keys(tally(told.map(({ code }) => String(code))));
  const possible = ['outcome_unknown', 'deadline_exceeded', 'database_unavailable'];
  expect(codes.filter((code) => !possible.includes(code))).toEqual([]);
  expect(codes).toContain('outcome_unknown');
  expect(Math.max(...told.map(({ tookMs }) => tookMs))).toBeLessThan(deadlineMs + littleMs);
  expect(tally(readings.map(({ status }) => String(status)))).toEqual({ '503': readings.length });
  expect(Math.max(...readings.map(({ tookMs }) => tookMs))).toBeLessThan(deadlineMs + littleMs);

  await eventually('it writes again', async () => (await post(bank)).status === 201, 20_000);
  await eventually('it reads again', async () => (await read(bank)).status === 200);
  const again = await Promise.all(told.map(({ id }) => post(bank, id)));
  expect(tally(again.map(({ status }) => String(status)))).toEqual({ '201': 100 });
  expect(await balanceOf(bank, 'bia')).toBe(121n);
  await checkBooks(bank);
});

test('PostgreSQL turns read-only and back: writes 503, reads go on', async () => {
  const { databaseUrl, bank } = await startWorld();
  expect((await post(bank)).status).toBe(201);
  const setReadOnly = async (value: 'on' | 'off') => {
    await query(databaseUrl, `alter system set default_transaction_read_only = ${value}`);
    await query(databaseUrl, 'select pg_reload_conf()');
  };
  await setReadOnly('on');
  const first = await eventually('a write is refused', async () => {
    const one = await post(bank);
    return one.status === 201 ? undefined : one;
  });
  expect(first).toMatchObject({ status: 503, code: 'database_unavailable', hasRetryAfter: true });
  const told = await atOnce(50, () => post(bank));
  expect(tally(told.map(({ code }) => String(code)))).toEqual({ database_unavailable: 50 });
  for (const path of PATHS) expect((await read(bank, path)).status).toBe(200);
  const before = await balanceOf(bank, 'bia');
  await setReadOnly('off');
  await eventually('it writes again', async () => (await post(bank)).status === 201);
  expect(await balanceOf(bank, 'bia')).toBe(before + 1n);
  await checkBooks(bank);
});

// The last one: what it starts again is no longer the one that the others share.
test('PostgreSQL goes and comes back while the server stays up', async () => {
  const { databaseUrl, bank } = await startWorld();
  expect((await post(bank)).status).toBe(201);
  await own.server.stop();

  const told = await atOnce(200, () => post(bank));
  expect(tally(told.map(({ code }) => String(code)))).toEqual({ database_unavailable: 200 });
  expect(
    told.every(
      ({ status, retryable, hasRetryAfter }) =>
        status === 503 && retryable === true && hasRetryAfter,
    ),
  ).toBe(true);
  expect(Math.max(...told.map(({ tookMs }) => tookMs))).toBeLessThan(PROMPT_MS);
  // Known to be away: no waiting any more.
  const later = await post(bank);
  expect(later).toMatchObject({ status: 503, code: 'database_unavailable' });
  expect(later.tookMs).toBeLessThan(1_000);
  for (const path of PATHS) {
    const reading = await read(bank, path);
    expect(reading).toMatchObject({ status: 503, code: 'database_unavailable', retryAfter: '1' });
    expect(reading.tookMs).toBeLessThan(PROMPT_MS);
  }
  expect((await bank.call('GET', '/readyz')).status).toBe(503);
  expect((await bank.call('GET', '/livez')).status).toBe(200);

  const back = await startEmbeddedPostgres({ folder: own.folder });
  onTestFinished(() => back.stop());
  expect(back.url(new URL(databaseUrl).pathname.slice(1))).toBe(databaseUrl);
  await eventually(
    'it is ready again',
    async () => (await bank.call('GET', '/readyz')).status === 200,
  );
  for (const path of PATHS) expect((await read(bank, path)).status).toBe(200);
  expect((await post(bank)).status).toBe(201);
  // What was refused had no effect, and each of them can be sent again.
  expect(await balanceOf(bank, 'bia')).toBe(2n);
  const again = await Promise.all(told.map(({ id }) => post(bank, id)));
  expect(tally(again.map(({ status }) => String(status)))).toEqual({ '201': 200 });
  expect(await balanceOf(bank, 'bia')).toBe(202n);
  await checkBooks(bank);
});
