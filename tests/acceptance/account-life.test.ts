import { randomUUID } from 'node:crypto';
import type { AccountAnswer, HoldAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { endOf, type AnyBody, type Reply } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

const newAccount = (balance = 0) => openAccount(bank, `acc-${randomUUID()}`, balance);

const read = (id: string) => bank.call<AccountAnswer>('GET', `/v1/accounts/${id}`);

const change = (id: string, body: AnyBody, headers: Readonly<Record<string, string>> = {}) =>
  bank.call<AccountAnswer & AnyBody>('PATCH', `/v1/accounts/${id}`, body, { headers });

const turn = (id: string, verb: string, body?: AnyBody, headers = {}) =>
  bank.call<AccountAnswer & AnyBody>('POST', `/v1/accounts/${id}/${verb}`, body, { headers });

const transfer = async (from: string, to: string, amount: number) =>
  endOf(await bank.call('POST', '/v1/transfers', { from, to, amount }));

/** The account as it stands, with the same version as ETag. */
async function expectStands(reply: Reply<AccountAnswer>, id: string): Promise<void> {
  expect(reply.status, reply.text).toBe(200);
  const standing = await read(id);
  expect(reply.body).toEqual(standing.body);
  expect(reply.headers['etag']).toBe(`"${standing.body.version}"`);
  expect(standing.headers['etag']).toBe(reply.headers['etag']);
}

describe('limits', () => {
  it('are changed one by one, to none and back', async () => {
    const [account, other] = [await newAccount(100), await newAccount(1_000)];
    await expectStands(await change(account, { creditLimit: 50 }), account);
    expect(await transfer(account, other, 150)).toBe('201');
    expect(await transfer(account, other, 1)).toBe('insufficient_funds');
    const capped = await change(account, { maximumBalance: 30 });
    await expectStands(capped, account);
    expect(capped.body).toMatchObject({ creditLimit: 50, maximumBalance: 30, balance: -50 });
    expect(await transfer(other, account, 81)).toBe('balance_out_of_range');
    expect(await transfer(other, account, 80)).toBe('201');
    const free = await change(account, { maximumBalance: null, creditLimit: null });
    await expectStands(free, account);
    expect(free.body).toMatchObject({ creditLimit: null, maximumBalance: null, available: null });
  });

  it('can’t cut off what is used or promised', async () => {
    const [account, other] = [await newAccount(100), await newAccount(100)];
    await change(account, { creditLimit: 80 });
    await bank.call('POST', '/v1/holds', { from: account, to: other, amount: 150 });
    await bank.call('POST', '/v1/holds', { from: other, to: account, amount: 40 });
    const low = await change(account, { creditLimit: 49 });
    expect([low.status, endOf(low), low.body['account']]).toEqual([422, 'limit_in_use', account]);
    expect(endOf(await change(account, { maximumBalance: 139 }))).toBe('limit_in_use');
    await expectStands(await change(account, { creditLimit: 50, maximumBalance: 140 }), account);
  });

  it('are changed at the version that was read, when one is named', async () => {
    const account = await newAccount(100);
    const tag = String((await read(account)).headers['etag']);
    await expectStands(await change(account, { creditLimit: 1 }, { 'if-match': tag }), account);
    for (const stale of [tag, '"x"', '*', '"0"', 'W/"3"']) {
      const late = await change(account, { creditLimit: 2 }, { 'if-match': stale });
      expect([stale, late.status, endOf(late)]).toEqual([stale, 412, 'version_conflict']);
    }
    expect((await read(account)).body.creditLimit).toBe(1);
  });

  it('are an admin’s to change, of accounts of clients alone', async () => {
    const account = await newAccount();
    const body = { name: 'writer', scope: 'write' };
    const { key } = (await bank.call<{ key: string }>('POST', '/v1/api-keys', body)).body;
    const path = `/v1/accounts/${account}`;
    const change1 = await bank.call('PATCH', path, { creditLimit: 1 }, { key });
    expect(change1.status).toBe(403);
    for (const verb of ['freeze', 'unfreeze', 'close', 'reopen']) {
      expect((await bank.call('POST', `${path}/${verb}`, {}, { key })).status).toBe(403);
      expect(endOf(await turn('cash:BRL', verb))).toBe('system_account');
      expect(endOf(await turn('nobody', verb))).toBe('account_not_found');
    }
    expect(endOf(await change('cash:BRL', { creditLimit: 1 }))).toBe('system_account');
    expect(endOf(await change('nobody', { creditLimit: 1 }))).toBe('account_not_found');
  });
});

describe('a frozen account', () => {
  it('gives nothing new, takes what comes, and keeps its promises', async () => {
    const [account, other] = [await newAccount(100), await newAccount(100)];
    const hold = async (from: string, to: string) =>
      bank.call<HoldAnswer>('POST', '/v1/holds', { from, to, amount: 10 });
    const [one, two] = [await hold(account, other), await hold(account, other)];
    await expectStands(await turn(account, 'freeze', { reason: 'court order 7' }), account);
    expect((await read(account)).body).toMatchObject({ status: 'frozen', held: 20 });
    expect(await transfer(account, other, 1)).toBe('account_frozen');
    expect(endOf(await hold(account, other))).toBe('account_frozen');
    const withdrawal = await bank.call('POST', '/v1/withdrawals', { account, amount: 1 });
    expect(endOf(withdrawal)).toBe('account_frozen');
    expect(await transfer(other, account, 5)).toBe('201');
    expect((await hold(other, account)).status).toBe(201);
    const ended = [
      await bank.call('POST', `/v1/holds/${one.body.id}/capture`),
      await bank.call('POST', `/v1/holds/${two.body.id}/release`),
    ];
    expect(ended.map(({ status }) => status)).toEqual([200, 200]);
    expect(endOf(await turn(account, 'freeze'))).toBe('account_frozen');
    await expectStands(await turn(account, 'unfreeze'), account);
    expect(await transfer(account, other, 1)).toBe('201');
    expect(endOf(await turn(account, 'unfreeze'))).toBe('account_not_frozen');
  });
});

describe('a closed account', () => {
  it('is one with nothing on it and nothing promised, and nothing moves on it', async () => {
    const [account, other] = [await newAccount(10), await newAccount(100)];
    expect(endOf(await turn(account, 'close'))).toBe('account_not_empty');
    expect(await transfer(account, other, 10)).toBe('201');
    const path = '/v1/holds';
    const hold = await bank.call<HoldAnswer>('POST', path, { from: other, to: account, amount: 1 });
    expect(endOf(await turn(account, 'close'))).toBe('account_not_empty');
    await bank.call('POST', `${path}/${hold.body.id}/release`);
    await expectStands(await turn(account, 'close', { reason: 'moved away' }), account);
    expect((await read(account)).body.status).toBe('closed');
    expect(await transfer(other, account, 1)).toBe('account_closed');
    expect(await transfer(account, other, 1)).toBe('account_closed');
    expect(endOf(await change(account, { creditLimit: 1 }))).toBe('account_closed');
    expect(endOf(await turn(account, 'close'))).toBe('account_closed');
    expect(endOf(await turn(account, 'freeze'))).toBe('account_closed');
    await expectStands(await turn(account, 'reopen'), account);
    expect(await transfer(other, account, 1)).toBe('201');
    expect(endOf(await turn(account, 'reopen'))).toBe('account_not_closed');
  });
});

describe('a change that is sent again, after much has changed', () => {
  it('is answered as the first time, and changes nothing', async () => {
    const [account, other] = [await newAccount(100), await newAccount(100)];
    const sent = [
      ['PATCH', '', { creditLimit: 70 }],
      ['POST', '/freeze', { reason: 'x' }],
      ['POST', '/unfreeze', undefined],
    ] as const;
    const keys = sent.map(() => ({ 'idempotency-key': randomUUID() }));
    const send = () =>
      Promise.all(
        sent.map(async ([method, below, body], index) =>
          bank.call(method, `/v1/accounts/${account}${below}`, body, {
            headers: keys[index] ?? {},
          }),
        ),
      );
    const first: Reply<AnyBody>[] = [];
    for (const [index, [method, below, body]] of sent.entries()) {
      const path = `/v1/accounts/${account}${below}`;
      first.push(await bank.call(method, path, body, { headers: keys[index] ?? {} }));
    }
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
    await transfer(account, other, 33);
    await bank.call('POST', '/v1/holds', { from: account, to: other, amount: 7 });
    await change(account, { creditLimit: 500, maximumBalance: 900 });
    const standing = (await read(account)).body;
    for (const [index, again] of (await send()).entries()) {
      expect(again.body).toEqual(first[index]?.body);
      expect(again.headers['etag']).toBe(first[index]?.headers['etag']);
      expect(again.headers['idempotency-replayed']).toBe('true');
    }
    expect((await read(account)).body).toEqual(standing);
  });

  it('an empty body and {} are one command', async () => {
    const account = await newAccount();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await turn(account, 'freeze', undefined, headers);
    const again = await turn(account, 'freeze', {}, headers);
    expect(again.body).toEqual(first.body);
    const json = { ...headers, 'content-type': 'application/json' };
    const path = `/v1/accounts/${account}/freeze`;
    const empty = await bank.call('POST', path, undefined, { raw: '', headers: json });
    expect(empty.body).toEqual(first.body);
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
