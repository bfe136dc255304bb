import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { openAccount } from '../harness/seeding.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../packages/server/src/store/embedded/index.ts';
import { startOwnPostgres, type OwnPostgres } from './fixtures/own-postgres.ts';

vi.setConfig({ testTimeout: 120_000 });

let own: OwnPostgres;
/** What runs on the folder of `own` now. */
let server: EmbeddedPostgres;

beforeAll(async () => {
  own = await startOwnPostgres();
  ({ server } = own);
});

afterAll(async () => {
  await server.stop();
  await own.remove();
});

/**
 * A bank that has seen more than its database has now: an older copy of the data folder was put back
 * under the running server. Beside it, the same PostgreSQL as it stands now.
 */
async function rewoundBank(
  name: string,
): Promise<{ bank: BankInProcess; url: string; seen: number }> {
  await server.ensureDatabase(name);
  const databaseUrl = server.url(name);
  const bank = await startBankInProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  await openAccount(bank, 'ana', 1_000);
  await openAccount(bank, 'bia');
  const copy = join(own.folder, '..', `copy of ${name}`);
  server = await restarted((folder) =>
    cp(folder, copy, { recursive: true, preserveTimestamps: true, mode: 0 }),
  );
  await eventually('the bank writes again', () => isPosted(bank));
  // Until it trusts its cache again, which must not outlive the connection.
  for (let count = 0; count < 12; count += 1) expect(await isPosted(bank)).toBe(true);
  const seen = await headOf(bank);
  server = await restarted(async (folder) => {
    await rm(folder, { recursive: true });
    await cp(copy, folder, { recursive: true, preserveTimestamps: true });
  });
  return { bank, url: server.url(name), seen };
}

/** Stops it, does something to its folder, and starts it again. */
async function restarted(between: (folder: string) => Promise<void>): Promise<EmbeddedPostgres> {
  await server.stop();
  await between(own.folder);
  return startEmbeddedPostgres({ folder: own.folder, settings: { shared_buffers: '32MB' } });
}

async function isPosted(bank: BankInProcess): Promise<boolean> {
  const reply = await bank.call('POST', '/v1/transfers', { from: 'ana', to: 'bia', amount: 1 });
  return reply.status === 201;
}

async function headOf(bank: BankInProcess): Promise<number> {
  const { body } = await bank.call<{ block: number }>('GET', '/v1/trial-balance');
  return body.block;
}

/** The bank answers no write but with `history_rewound`, says why, and goes on to be read. */
async function expectStopped(bank: BankInProcess, blocksNow: number): Promise<void> {
  const write = () => bank.call('POST', '/v1/transfers', { from: 'ana', to: 'bia', amount: 1 });
  const first = await eventually('the bank says that history went back', async () => {
    const reply = await write();
    expect(reply.status).not.toBe(201);
    return reply.body['code'] === 'history_rewound' ? reply : undefined;
  });
  expect(first.status).toBe(503);
  expect((await write()).body['code']).toBe('history_rewound');
  expect(bank.complaints.join('\n')).toContain('it went back');
  expect((await bank.call('GET', '/readyz')).status).toBe(503);
  expect((await bank.call('GET', '/v1/accounts/ana')).status).toBe(200);
  expect(await headOf(bank)).toBe(blocksNow);
}

test('an older copy of the database under a running server: it stops writing and says so', async () => {
  const { bank, seen } = await rewoundBank('older');
  const now = await eventually('it reads again', () => headOf(bank));
  expect(now).toBeLessThan(seen);
  await expectStopped(bank, now);
});

test.each([
  ['as many blocks as were lost: the same number with another hash', 0],
  ['more blocks than were lost', 3],
])('an older copy that another server wrote on, %s', async (_, beyond) => {
  const { bank, url, seen } = await rewoundBank(`written${beyond}`);
  const other = await startBankInProcess({ databaseUrl: url });
  onTestFinished(() => other.stop());
  while ((await headOf(other)) < seen + beyond) expect(await isPosted(other)).toBe(true);
  await expectStopped(bank, seen + beyond);
  expect(await isPosted(other)).toBe(true);
});
