import { randomUUID } from 'node:crypto';
import type { AccountAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, trialBalanceOf } from '../harness/books.ts';
import { endOf } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});
describe('accounts', () => {
  it('opens one with an id of the client’s and reads it back', async () => {
    const request = {
      id: 'A.b_c:d@e+f-1',
      asset: 'BRL/2',
      creditLimit: 500,
      metadata: { note: 'ção "\\ 🙂' },
    };
    const opened = await bank.call<AccountAnswer>('POST', '/v1/accounts', request);
    expect(opened.status).toBe(201);
    expect(opened.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(opened.body).toEqual({
      ...request,
      leasedUntil: null,
      maximumBalance: null,
      balance: 0,
      held: 0,
      available: 500,
      status: 'open',
      version: 1,
      createdAt: expect.stringMatching(TIME),
    });
    const read = await bank.call('GET', `/v1/accounts/${encodeURIComponent(request.id)}`);
    expect([read.status, read.body]).toEqual([200, opened.body]);
  });

  it('generates an id and lets admin open one without limit', async () => {
    const opened = await bank.call<AccountAnswer>('POST', '/v1/accounts', {
      asset: 'BRL/2',
      creditLimit: null,
    });
    expect(opened.body).toMatchObject({ creditLimit: null, available: null, metadata: {} });
    expect(opened.body.id).toMatch(/^acc_[0-9a-f-]{36}$/);
    await openAccount(bank, 'lender-target');
    const lent = await bank.call('POST', '/v1/transfers', {
      from: opened.body.id,
      to: 'lender-target',
      amount: 10 ** 12,
    });
    expect(lent.status).toBe(201);
    const read = await bank.call('GET', `/v1/accounts/${opened.body.id}`);
    expect(read.body).toMatchObject({ balance: -(10 ** 12), available: null, version: 2 });
  });

  it.each([
    ['an id that stands', { id: 'twice', asset: 'USD/2' }, 409, 'account_exists'],
    ['cash', { id: 'cash:BRL', asset: 'BRL/2' }, 422, 'system_account'],
    ['stock', { id: 'stock:thing', asset: 'BRL/2' }, 422, 'system_account'],
    ['peer', { id: 'peer:beta:BRL', asset: 'BRL/2' }, 422, 'system_account'],
    ['sold', { id: 'sold:x', asset: 'BRL/2' }, 422, 'system_account'],
    ['received', { id: 'received:x', asset: 'BRL/2' }, 422, 'system_account'],
    ['another scale of a code', { asset: 'BRL/3' }, 422, 'asset_scale_conflict'],
  ])('refuses %s', async (_, request, status, code) => {
    const first = await bank.call('POST', '/v1/accounts', { id: 'twice', asset: 'BRL/2' });
    expect([201, 422]).toContain(first.status);
    const headers = { 'idempotency-key': randomUUID() };
    const before = await trialBalanceOf(bank);
    const refused = await bank.call('POST', '/v1/accounts', request, { headers });
    // The account’s id is the command’s, too: the same with another body is a reused id.
    expect([refused.status, endOf(refused)]).toEqual(
      code === 'account_exists' ? [422, 'id_reused'] : [status, code],
    );
    expect((await trialBalanceOf(bank)).assets).toEqual(before.assets);
  });

  it('refuses an id that another principal opened', async () => {
    await openAccount(bank, 'hers');
    const created = await bank.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'him',
      scope: 'write',
    });
    const refused = await bank.call(
      'POST',
      '/v1/accounts',
      { id: 'hers', asset: 'BRL/2' },
      { key: created.body.key },
    );
    expect([refused.status, endOf(refused)]).toEqual([409, 'account_exists']);
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
