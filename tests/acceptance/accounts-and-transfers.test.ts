import { randomUUID } from 'node:crypto';
import type { AccountAnswer, BatchAnswer, TransferAnswer } from '@lastro/contract';
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
