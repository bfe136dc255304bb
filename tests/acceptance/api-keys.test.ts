import { createHash } from 'node:crypto';
import type { ApiKeyList, NewApiKeyAnswer, Scope } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { headSeqOf } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { endOf } from '../harness/http-caller.ts';
import { query } from '../harness/postgres.ts';
import { openAccount } from '../harness/seeding.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let bank: BankInProcess;
let sibling: BankProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  sibling = await startBankProcess({ databaseUrl: bank.databaseUrl, adminKey: bank.adminKey });
  await openAccount(bank, 'a', 100);
  await openAccount(bank, 'b');
  return async () => {
    await sibling.stop();
    await bank.stop();
  };
});

async function createKey(name: string, scope: Scope): Promise<NewApiKeyAnswer> {
  const created = await bank.call<NewApiKeyAnswer>('POST', '/v1/api-keys', { name, scope });
  expect(created.status, created.text).toBe(201);
  return created.body;
}

describe('an API key', () => {
  it('is shown once and kept as the SHA-256 of at least 160 random bits', async () => {
    const created = await createKey('Shop front "ção"', 'write');
    expect(created).toEqual({
      id: expect.stringMatching(/^key_[\w-]{12}$/),
      name: 'Shop front "ção"',
      scope: 'write',
      createdAt: expect.stringMatching(TIME),
      key: expect.stringMatching(/^lastro_[\w-]{27,}$/),
    });
    const list = await bank.call<ApiKeyList>('GET', '/v1/api-keys');
    const { key, ...shown } = created;
    expect(list.body.data).toContainEqual(shown);
    expect(list.text).not.toContain(key);
    const rows = await query<{ row: string }>(
      bank.databaseUrl,
      'select k::text as row from api_key k',
    );
    const text = rows.map(({ row }) => row).join('\n');
    expect(text).not.toContain(key);
    expect(text).toContain(createHash('sha256').update(key).digest('hex'));
  });

  it('is not in the journal, and makes no event', async () => {
    const before = await headSeqOf(bank);
    const { key } = await createKey('quiet', 'read');
    expect(await headSeqOf(bank)).toBe(before);
    const events = await bank.call('GET', '/v1/events?limit=1000');
    expect(events.text).not.toContain(key);
  });

  it('of read may read, of write may write, of admin may all', async () => {
    const may: Record<string, string[]> = {};
    for (const scope of ['read', 'write', 'admin'] as const) {
      const { key } = await createKey(scope, scope);
      const replies = await Promise.all([
        bank.call('GET', '/v1/accounts/a', undefined, { key }),
        bank.call('POST', '/v1/transfers', { from: 'a', to: 'b', amount: 1 }, { key }),
        bank.call('POST', '/v1/deposits', { account: 'a', amount: 1 }, { key }),
      ]);
      may[scope] = replies.map(endOf);
    }
    expect(may).toEqual({
      read: ['200', 'forbidden', 'forbidden'],
      write: ['200', '201', 'forbidden'],
      admin: ['200', '201', '201'],
    });
  });

  it('works at once in the other process, and revoked is refused in both within a second', async () => {
    const { id, key } = await createKey('short-lived', 'read');
    const ask = (server: Pick<BankInProcess, 'call'>) =>
      server.call('GET', '/v1/accounts/a', undefined, { key });
    expect((await ask(bank)).status).toBe(200);
    expect((await ask(sibling)).status).toBe(200);

    const deleted = await bank.call('DELETE', `/v1/api-keys/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    const revokedAt = performance.now();
    expect(endOf(await ask(bank))).toBe('unauthorized');
    await eventually(
      'the other process refuses it',
      async () => (await ask(sibling)).status === 401,
      1_000,
    );
    expect(performance.now() - revokedAt).toBeLessThan(1_000);
    const again = await bank.call('DELETE', `/v1/api-keys/${id}`);
    expect([again.status, endOf(again)]).toEqual([404, 'not_found']);
  });

  it('revoked while calls with it are on their way is refused afterwards', async () => {
    const { id, key } = await createKey('busy', 'read');
    const ask = (server: Pick<BankInProcess, 'call'>) =>
      server.call('GET', '/v1/accounts/a', undefined, { key });
    const over = new AbortController();
    const flood = Array.from({ length: 20 }, async () => {
      while (!over.signal.aborted) await ask(bank);
    });
    await bank.call('DELETE', `/v1/api-keys/${id}`);
    await eventually('it is refused', async () => (await ask(bank)).status === 401, 1_000);
    over.abort();
    await Promise.all(flood);
    expect((await ask(bank)).status).toBe(401);
  });

  it('refused once as unknown is good as soon as it exists elsewhere', async () => {
    const { key } = await createKey('elsewhere', 'read');
    await eventually(
      'the other process takes it',
      async () => {
        const reply = await sibling.call('GET', '/v1/accounts/a', undefined, { key });
        return reply.status === 200;
      },
      1_000,
    );
    expect((await bank.call('GET', '/v1/accounts/a', undefined, { key })).status).toBe(200);
  });
});
