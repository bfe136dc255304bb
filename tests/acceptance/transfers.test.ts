import { randomUUID } from 'node:crypto';
import type { TransferAnswer } from '@lastro/contract';
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
describe('deposits, withdrawals and transfers', () => {
  it('a deposit comes from cash and a withdrawal goes there', async () => {
    await openAccount(bank, 'saver');
    const cash = await balanceOf(bank, 'cash:BRL');
    const id = randomUUID();
    const deposit = await bank.call('POST', '/v1/deposits', {
      id,
      account: 'saver',
      amount: 700,
      metadata: { slip: '1' },
    });
    expect([deposit.status, deposit.body]).toEqual([
      201,
      {
        id,
        status: 'posted',
        from: 'cash:BRL',
        to: 'saver',
        amount: 700,
        asset: 'BRL/2',
        seq: await headSeqOf(bank),
        at: expect.stringMatching(TIME),
        metadata: { slip: '1' },
      },
    ]);
    const withdrawal = await bank.call('POST', '/v1/withdrawals', {
      account: 'saver',
      amount: 300,
    });
    expect([withdrawal.status, withdrawal.body]).toEqual([
      201,
      {
        id: expect.stringMatching(UUID_V7),
        status: 'posted',
        from: 'saver',
        to: 'cash:BRL',
        amount: 300,
        asset: 'BRL/2',
        seq: await headSeqOf(bank),
        at: expect.stringMatching(TIME),
        metadata: {},
      },
    ]);
    expect(await balanceOf(bank, 'saver')).toBe(400n);
    expect(await balanceOf(bank, 'cash:BRL')).toBe(cash - 400n);
    const tooMuch = await bank.call('POST', '/v1/withdrawals', { account: 'saver', amount: 401 });
    expect([tooMuch.status, endOf(tooMuch), tooMuch.body['account']]).toEqual([
      422,
      'insufficient_funds',
      'saver',
    ]);
  });

  it('a transfer is read back as it was answered, and is an entry on both sides', async () => {
    await openAccount(bank, 'from-here', 900);
    await openAccount(bank, 'to-there', 50);
    const id = randomUUID();
    const posted = await bank.call<TransferAnswer>('POST', '/v1/transfers', {
      id,
      from: 'from-here',
      to: 'to-there',
      amount: 250,
      metadata: { a: 'b' },
    });
    expect([posted.status, posted.body]).toEqual([
      201,
      {
        id,
        status: 'posted',
        from: 'from-here',
        to: 'to-there',
        amount: 250,
        asset: 'BRL/2',
        seq: await headSeqOf(bank),
        at: expect.stringMatching(TIME),
        metadata: { a: 'b' },
      },
    ]);
    const read = await bank.call('GET', `/v1/transfers/${id}`);
    expect([read.status, read.body]).toEqual([200, posted.body]);
    const { seq, at } = posted.body;
    const entry = { seq, transferId: id, amount: 250, at };
    const out = await bank.call<{ data: unknown[] }>('GET', '/v1/accounts/from-here/entries');
    expect(out.body.data[0]).toEqual({
      ...entry,
      direction: 'out',
      counterparty: 'to-there',
      balanceAfter: 650,
    });
    const into = await bank.call<{ data: unknown[] }>('GET', '/v1/accounts/to-there/entries');
    expect(into.body).toEqual({
      data: [
        { ...entry, direction: 'in', counterparty: 'from-here', balanceAfter: 300 },
        expect.objectContaining({
          direction: 'in',
          counterparty: 'cash:BRL',
          amount: 50,
          balanceAfter: 50,
        }),
      ],
      next: null,
    });
  });

  it.each([
    ['more than there is', { amount: 1_001 }, 'insufficient_funds'],
    ['from nobody', { from: 'nobody' }, 'account_not_found'],
    ['to nobody', { to: 'nobody' }, 'account_not_found'],
    ['to itself', { to: 'thousand' }, 'same_account'],
    ['to another asset', { to: 'dollars' }, 'asset_mismatch'],
    ['from cash', { from: 'cash:BRL' }, 'system_account'],
    ['to cash', { to: 'cash:BRL' }, 'system_account'],
    ['to stock', { to: 'stock:anything' }, 'system_account'],
    ['from peer', { from: 'peer:beta:BRL' }, 'system_account'],
    ['above the bank’s bound', { amount: 10 ** 12 + 1 }, 'amount_out_of_range'],
  ])('refuses a transfer %s, which is recorded and moves nothing', async (_, change, code) => {
    const headers = { 'idempotency-key': 'setting-up-thousand' };
    await bank.call('POST', '/v1/accounts', { id: 'thousand', asset: 'BRL/2' }, { headers });
    await bank.call('POST', '/v1/accounts', { id: 'dollars', asset: 'USD/2' });
    await bank.call(
      'POST',
      '/v1/deposits',
      { account: 'thousand', amount: 1_000 },
      { headers: { 'idempotency-key': 'thousand-once' } },
    );
    await openAccount(bank, `target-${randomUUID()}`);
    const before = await trialBalanceOf(bank);
    const id = randomUUID();
    const request = { id, from: 'thousand', to: 'saver', amount: 10, ...change };
    const refused = await bank.call('POST', '/v1/transfers', request);
    expect([refused.status, endOf(refused)], refused.text).toEqual([422, code]);
    const after = await trialBalanceOf(bank);
    expect([after.seq, after.assets]).toEqual([before.seq + 1, before.assets]);
    expect((await bank.call('GET', `/v1/transfers/${id}`)).status).toBe(404);
    const command = await bank.call('GET', `/v1/commands/${id}`);
    expect(command.body).toEqual({ id, status: 'refused', code });
  });

  it('lets 10^12 through and not a unit more', async () => {
    await openAccount(bank, 'rich', 10 ** 12);
    await openAccount(bank, 'heir');
    const moved = await bank.call('POST', '/v1/transfers', {
      from: 'rich',
      to: 'heir',
      amount: 10 ** 12,
    });
    expect(moved.body['amount']).toBe(10 ** 12);
    expect(await balanceOf(bank, 'heir')).toBe(10n ** 12n);
  });

  it('a credit limit is what may go below zero', async () => {
    await bank.call('POST', '/v1/accounts', { id: 'overdraft', asset: 'BRL/2', creditLimit: 100 });
    await openAccount(bank, 'lender');
    const ends = [];
    for (const amount of [60, 41, 40, 1]) {
      ends.push(
        endOf(
          await bank.call('POST', '/v1/transfers', { from: 'overdraft', to: 'lender', amount }),
        ),
      );
    }
    expect(ends).toEqual(['201', 'insufficient_funds', '201', 'insufficient_funds']);
    const read = await bank.call('GET', '/v1/accounts/overdraft');
    expect(read.body).toMatchObject({ balance: -100, available: 0, creditLimit: 100 });
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
