import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NewApiKeyAnswer } from '@lastro/contract';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { endOf } from '../harness/http-caller.ts';
import { atOnce, openAccount } from '../harness/seeding.ts';

// What random histories found once, each alone.

let bank: BankInProcess;
let key: string;

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'ana', 10);
  await openAccount(bank, 'shop');
  const scope = { name: 'other', scope: 'write' };
  key = (await bank.call<NewApiKeyAnswer>('POST', '/v1/api-keys', scope)).body.key;
  return () => bank.stop();
});

// Where a block is tried on trust, ids are taken for new and the database's constraints are the
// judge: so transactions and orders, refused ones too, have one home for their ids, and `core` judges
// ids last.
describe('taken ids', () => {
  test('a refused order does not take the id of a transaction', async () => {
    const id = randomUUID();
    const transfers = [{ from: 'ana', to: 'shop', amount: 1 }];
    expect((await bank.call('POST', '/v1/transactions', { id, transfers })).status).toBe(201);
    const order = { id, customer: 'nobody', merchant: 'shop', lines: [{ sku: 'x', quantity: 1 }] };
    const refused = await bank.call('POST', '/v1/orders', order, { key });
    expect(endOf(refused)).toBe('id_taken');
    expect((await bank.call('GET', `/v1/orders/${id}`)).status).toBe(404);
  });

  test('a transaction does not take the id of a refused order', async () => {
    const id = randomUUID();
    const order = { id, customer: 'nobody', merchant: 'shop', lines: [{ sku: 'x', quantity: 1 }] };
    expect((await bank.call('POST', '/v1/orders', order)).status).toBe(422);
    const transfers = [{ from: 'ana', to: 'shop', amount: 1 }];
    const posted = await bank.call('POST', '/v1/transactions', { id, transfers }, { key });
    expect(endOf(posted)).toBe('id_taken');
  });

  test('a taken id is the last reason, however its block was tried', async () => {
    const id = randomUUID();
    const transfer = { id, from: 'ana', to: 'shop', amount: 1 };
    expect((await bank.call('POST', '/v1/transfers', transfer)).status).toBe(201);
    const larger = { ...transfer, amount: 1_000_000 };
    expect(endOf(await bank.call('POST', '/v1/transfers', larger, { key }))).toBe(
      'insufficient_funds',
    );
    const group = { transfers: [transfer] };
    expect(endOf(await bank.call('POST', '/v1/transactions', group, { key }))).toBe('id_taken');
  });
});

// A twin that is on its way with another body says nothing about whose the id is.
test('another body under its id doesn’t get a repeat refused', async () => {
  const transfer = { id: randomUUID(), from: 'ana', to: 'shop', amount: 1 };
  expect((await bank.call('POST', '/v1/transfers', transfer)).status).toBe(201);
  const other = { ...transfer, amount: 2 };
  const replies = await atOnce(60, (index) =>
    bank.call('POST', '/v1/transfers', index % 2 === 0 ? other : transfer),
  );
  const repeats = replies.filter((_, index) => index % 2 === 1);
  expect(new Set(repeats.map(endOf))).toEqual(new Set(['201']));
});
