import { randomUUID } from 'node:crypto';
import type { BatchAnswer, TransferAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, headSeqOf, trialBalanceOf } from '../harness/books.ts';
import { endOf } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});
describe('batches and transactions', () => {
  it('a batch settles each of its transfers by itself', async () => {
    await openAccount(bank, 'batch-from', 100);
    await openAccount(bank, 'batch-to');
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    const move = { from: 'batch-from', to: 'batch-to' };
    const transfers = [
      { ...move, id: one, amount: 60 },
      { ...move, id: two, amount: 60 },
      { ...move, amount: 30 },
      { ...move, id: three, amount: 5, to: 'nobody' },
      { ...move, id: one, amount: 60 },
      { ...move, id: one, amount: 61 },
    ];
    const headers = { 'idempotency-key': 'a-batch-of-mine' };
    const first = await bank.call<BatchAnswer>(
      'POST',
      '/v1/transfers/batch',
      { transfers },
      { headers },
    );
    expect([first.status, first.body]).toEqual([
      200,
      {
        results: [
          { id: one, status: 'posted' },
          { id: two, code: 'insufficient_funds' },
          { id: expect.stringMatching(UUID_V7), status: 'posted' },
          { id: three, code: 'account_not_found' },
          { id: one, status: 'posted' },
          { id: one, code: 'id_reused' },
        ],
      },
    ]);
    const again = await bank.call('POST', '/v1/transfers/batch', { transfers }, { headers });
    expect(again.body).toEqual(first.body);
    const alone = await bank.call('POST', '/v1/transfers', transfers[0]);
    expect([alone.status, alone.headers['idempotency-replayed']]).toEqual([201, 'true']);
    const third = await bank.call('GET', `/v1/commands/${encodeURIComponent('a-batch-of-mine#2')}`);
    expect(third.body['status']).toBe('accepted');
    expect(await balanceOf(bank, 'batch-to')).toBe(90n);
  });

  it('takes 1 000 transfers and no more', async () => {
    await openAccount(bank, 'thousand-from', 1_000);
    await openAccount(bank, 'thousand-to');
    const transfers = Array.from({ length: 1_000 }, () => ({
      from: 'thousand-from',
      to: 'thousand-to',
      amount: 1,
    }));
    const before = await headSeqOf(bank);
    for (const path of ['/v1/transfers/batch', '/v1/transactions']) {
      const more = await bank.call('POST', path, { transfers: [...transfers, transfers[0]] });
      expect([more.status, endOf(more)]).toEqual([400, 'invalid_request']);
      const none = await bank.call('POST', path, { transfers: [] });
      expect([none.status, endOf(none)]).toEqual([400, 'invalid_request']);
    }
    expect(await headSeqOf(bank)).toBe(before);
    const all = await bank.call<{ transfers: TransferAnswer[] }>('POST', '/v1/transactions', {
      transfers,
    });
    expect(all.status).toBe(201);
    expect(all.body.transfers).toHaveLength(1_000);
    const empty = await bank.call<BatchAnswer>('POST', '/v1/transfers/batch', { transfers });
    expect(new Set(empty.body.results.map(({ code }) => code))).toEqual(
      new Set(['insufficient_funds']),
    );
    expect(await balanceOf(bank, 'thousand-to')).toBe(1_000n);
  });

  it('a transaction posts all or none', async () => {
    await openAccount(bank, 'tx-a', 100);
    await openAccount(bank, 'tx-b');
    await openAccount(bank, 'tx-c');
    const id = randomUUID();
    const leg = { from: 'tx-a', to: 'tx-b', amount: 100 };
    const posted = await bank.call<{ transfers: TransferAnswer[] }>('POST', '/v1/transactions', {
      id,
      transfers: [leg, { from: 'tx-b', to: 'tx-c', amount: 99, metadata: { n: '2' } }],
    });
    const seq = await headSeqOf(bank);
    const common = { status: 'posted', seq, at: expect.stringMatching(TIME) };
    expect([posted.status, posted.body]).toEqual([
      201,
      {
        id,
        ...common,
        transfers: [
          { id: expect.stringMatching(UUID_V7), ...leg, asset: 'BRL/2', metadata: {}, ...common },
          {
            id: expect.stringMatching(UUID_V7),
            from: 'tx-b',
            to: 'tx-c',
            amount: 99,
            asset: 'BRL/2',
            metadata: { n: '2' },
            ...common,
          },
        ],
      },
    ]);
    const read = await bank.call('GET', `/v1/transactions/${id}`);
    expect([read.status, read.body]).toEqual([200, posted.body]);
    const one = await bank.call('GET', `/v1/transfers/${posted.body.transfers[1]?.id}`);
    expect(one.body).toEqual(posted.body.transfers[1]);

    const refusedId = randomUUID();
    const refused = await bank.call('POST', '/v1/transactions', {
      id: refusedId,
      transfers: [{ from: 'tx-c', to: 'tx-a', amount: 99 }, leg],
    });
    expect([refused.status, endOf(refused), refused.body['account']]).toEqual([
      422,
      'insufficient_funds',
      'tx-a',
    ]);
    expect((await bank.call('GET', `/v1/transactions/${refusedId}`)).status).toBe(404);
    expect(
      await Promise.all(['tx-a', 'tx-b', 'tx-c'].map((name) => balanceOf(bank, name))),
    ).toEqual([0n, 1n, 99n]);
  });

  it('a transaction does not name one transfer id twice', async () => {
    const id = randomUUID();
    const leg = { id, from: 'tx-c', to: 'tx-a', amount: 1 };
    const before = await trialBalanceOf(bank);
    const refused = await bank.call('POST', '/v1/transactions', { transfers: [leg, leg] });
    expect([refused.status, endOf(refused)]).toEqual([422, 'id_taken']);
    expect((await trialBalanceOf(bank)).assets).toEqual(before.assets);
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
