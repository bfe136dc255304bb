import { randomUUID } from 'node:crypto';
import type { AccountAnswer, BatchAnswer } from '@lastro/contract';
import { beforeAll, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { atOnce, openAccount, tally } from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

const newAccount = (balance = 0) => openAccount(bank, `acc-${randomUUID()}`, balance);

const versionOf = async (id: string) =>
  (await bank.call<AccountAnswer>('GET', `/v1/accounts/${id}`)).body.version;

/** How a command with this condition ends that moves 1 out of an account of 100. */
type Send = (body: {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly ifVersion?: number;
  readonly ifBalanceAtLeast?: number;
}) => Promise<string>;

const WAYS: Readonly<Record<string, Send>> = {
  'a transfer': async (leg) => endOf(await bank.call('POST', '/v1/transfers', leg)),
  'a transaction': async (leg) =>
    endOf(await bank.call('POST', '/v1/transactions', { transfers: [leg] })),
  'a hold': async (leg) => endOf(await bank.call('POST', '/v1/holds', leg)),
  'a hold of several': async (leg) =>
    endOf(await bank.call('POST', '/v1/holds', { transfers: [leg] })),
  'a batch': async (leg) => {
    const { body } = await bank.call<BatchAnswer>('POST', '/v1/transfers/batch', {
      transfers: [leg],
    });
    return body.results[0]?.code ?? '201';
  },
};

it.each(Object.entries(WAYS))('%s goes through only where its condition holds', async (_, send) => {
  const [from, to] = [await newAccount(100), await newAccount()];
  const leg = { from, to, amount: 1 };
  expect(await send({ ...leg, ifBalanceAtLeast: 101 })).toBe('condition_failed');
  expect(await send({ ...leg, ifBalanceAtLeast: 100 })).toBe('201');
  const version = await versionOf(from);
  expect(await send({ ...leg, ifVersion: version + 1 })).toBe('condition_failed');
  expect(await send({ ...leg, ifVersion: version - 1 })).toBe('condition_failed');
  expect(await send({ ...leg, ifVersion: version, ifBalanceAtLeast: 99 })).toBe('201');
  expect(await send({ ...leg, ifVersion: version })).toBe('condition_failed');
  expect(await send({ ...leg, ifBalanceAtLeast: -5 })).toBe('201');
});

it('says which condition failed', async () => {
  const [from, to] = [await newAccount(100), await newAccount()];
  const failed = async (condition: AnyBody) => {
    const body = { from, to, amount: 1, ...condition };
    const reply = await bank.call('POST', '/v1/transfers', body);
    return [reply.status, endOf(reply), reply.body['condition']];
  };
  expect(await failed({ ifVersion: 9 })).toEqual([412, 'condition_failed', 'ifVersion']);
  expect(await failed({ ifBalanceAtLeast: 101 })).toEqual([
    412,
    'condition_failed',
    'ifBalanceAtLeast',
  ]);
});

it('is judged after the transfers before it in its transaction', async () => {
  const [a, b] = [await newAccount(100), await newAccount()];
  const send = async (ifBalanceAtLeast: number) =>
    endOf(
      await bank.call('POST', '/v1/transactions', {
        transfers: [
          { from: a, to: b, amount: 60 },
          { from: b, to: a, amount: 10, ifBalanceAtLeast },
        ],
      }),
    );
  expect(await send(61)).toBe('condition_failed');
  expect(await balanceOf(bank, a)).toBe(100n);
  expect(await send(60)).toBe('201');
});

it('lets exactly one of 50 at once go through at one version', async () => {
  const [from, to] = [await newAccount(100), await newAccount()];
  const ifVersion = await versionOf(from);
  const ends = await atOnce(50, async () =>
    endOf(await bank.call('POST', '/v1/transfers', { from, to, amount: 1, ifVersion })),
  );
  expect(tally(ends)).toEqual({ '201': 1, condition_failed: 49 });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
