import { randomUUID } from 'node:crypto';
import type { HoldAnswer, OrderAnswer, TransactionAnswer, TransferAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, productOf } from '../harness/books.ts';
import { endOf, type AnyBody, type Reply } from '../harness/http-caller.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';

let bank: BankInProcess;
let writeKey: string;

beforeAll(async () => {
  bank = await startBankInProcess();
  const body = { name: 'writer', scope: 'write' };
  writeKey = (await bank.call<{ key: string }>('POST', '/v1/api-keys', body)).body.key;
  return () => bank.stop();
});

const newAccount = (balance = 0) => openAccount(bank, `acc-${randomUUID()}`, balance);

async function made<Body>(path: string, body?: AnyBody, status = 201): Promise<Body> {
  const reply = await bank.call<Body>('POST', path, body);
  expect(reply.status, reply.text).toBe(status);
  return reply.body;
}

const transfer = (from: string, to: string, amount: number) =>
  made<TransferAnswer>('/v1/transfers', { from, to, amount });

const reverse = (id: string, body?: AnyBody) =>
  bank.call<TransferAnswer & AnyBody>('POST', `/v1/transfers/${id}/reversals`, body);

const readTransfer = async (id: string) =>
  (await bank.call<TransferAnswer>('GET', `/v1/transfers/${id}`)).body;

function expectPartOf(reply: Reply<AnyBody>, owner: string, id: string | undefined): void {
  const { status, body } = reply;
  expect({ status, code: body['code'], owner: body['owner'], id: body['id'] }).toEqual({
    status: 422,
    code: 'part_of',
    owner,
    id,
  });
}

describe('a reversal of a transfer', () => {
  it('moves parts back by new transfers, in sum never more than there was', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const original = await transfer(from, to, 80);
    const part = await reverse(original.id, { amount: 30, metadata: { note: 'too much' } });
    expect(part.status, part.text).toBe(201);
    expect(part.body).toMatchObject({
      from: to,
      to: from,
      amount: 30,
      reverses: original.id,
      metadata: { note: 'too much' },
    });
    expect(await readTransfer(part.body.id)).toEqual(part.body);
    expect(await readTransfer(original.id)).toEqual({ ...original, reversed: 30 });
    const above = await reverse(original.id, { amount: 51 });
    expect([above.status, endOf(above), above.body['remaining']]).toEqual([
      422,
      'amount_exceeded',
      50,
    ]);
    const rest = await reverse(original.id);
    expect([rest.status, rest.body.amount]).toEqual([201, 50]);
    const more = await reverse(original.id);
    expect([endOf(more), more.body['remaining']]).toEqual(['amount_exceeded', 0]);
    expect([await balanceOf(bank, from), await balanceOf(bank, to)]).toEqual([100n, 0n]);
  });

  it('is a transfer as any other: it needs the money, and may be reversed itself', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const original = await transfer(from, to, 80);
    await transfer(to, await newAccount(), 75);
    expect(endOf(await reverse(original.id))).toBe('insufficient_funds');
    const back = await reverse(original.id, { amount: 5 });
    expect((await reverse(back.body.id)).body).toMatchObject({ from, to, amount: 5 });
    const missing = await reverse(randomUUID());
    expect([missing.status, endOf(missing)]).toEqual([404, 'transfer_not_found']);
  });

  it('of a deposit or a withdrawal needs an admin’s key', async () => {
    const account = await newAccount();
    const deposit = await made<TransferAnswer>('/v1/deposits', { account, amount: 50 });
    const withdrawal = await made<TransferAnswer>('/v1/withdrawals', { account, amount: 20 });
    for (const { id } of [deposit, withdrawal]) {
      const path = `/v1/transfers/${id}/reversals`;
      const refused = await bank.call('POST', path, { amount: 1 }, { key: writeKey });
      expect([refused.status, endOf(refused)]).toEqual([422, 'system_account']);
    }
    expect((await reverse(withdrawal.id)).status).toBe(201);
    expect((await reverse(deposit.id)).status).toBe(201);
    expect(await balanceOf(bank, account)).toBe(0n);
  });

  it('of a captured hold of one is a reversal of its transfer', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const hold = await made<HoldAnswer>('/v1/holds', { from, to, amount: 40 });
    const captured = await made<HoldAnswer>(`/v1/holds/${hold.id}/capture`, {}, 200);
    expect((await reverse(captured.captured?.[0]?.id ?? '')).status).toBe(201);
    expect(await balanceOf(bank, from)).toBe(100n);
  });
});

describe('what belongs to a whole', () => {
  it('a transaction is moved back whole, last transfer first, once', async () => {
    const [a, b, c] = [await newAccount(100), await newAccount(), await newAccount()];
    const transaction = await made<TransactionAnswer>('/v1/transactions', {
      transfers: [
        { from: a, to: b, amount: 60 },
        { from: b, to: c, amount: 50 },
      ],
    });
    const [first, second] = transaction.transfers;
    expectPartOf(await reverse(first?.id ?? ''), 'transaction', transaction.id);
    const path = `/v1/transactions/${transaction.id}/reversals`;
    const id = randomUUID();
    const reversal = await made<TransactionAnswer>(path, { id });
    expect(reversal).toMatchObject({
      id,
      reverses: transaction.id,
      transfers: [
        { from: c, to: b, amount: 50, reverses: second?.id },
        { from: b, to: a, amount: 60, reverses: first?.id },
      ],
    });
    expect((await bank.call('GET', `/v1/transactions/${id}`)).body).toEqual(reversal);
    expect(endOf(await bank.call('POST', path))).toBe('already_reversed');
    expectPartOf(await reverse(reversal.transfers[0]?.id ?? ''), 'transaction', id);
    expect(await readTransfer(first?.id ?? '')).toEqual({ ...first, reversed: 60 });
    const missing = await bank.call('POST', `/v1/transactions/${randomUUID()}/reversals`);
    expect([missing.status, endOf(missing)]).toEqual([404, 'transaction_not_found']);
    expect(await balanceOf(bank, a)).toBe(100n);
  });

  it('a captured group, too', async () => {
    const [a, b, c] = [await newAccount(100), await newAccount(), await newAccount()];
    const hold = await made<HoldAnswer>('/v1/holds', {
      transfers: [
        { from: a, to: b, amount: 60 },
        { from: a, to: c, amount: 30 },
      ],
    });
    const path = `/v1/transactions/${hold.id}/reversals`;
    expect(endOf(await bank.call('POST', path))).toBe('transaction_not_found');
    const { captured } = await made<HoldAnswer>(`/v1/holds/${hold.id}/capture`, {}, 200);
    expectPartOf(await reverse(captured?.[1]?.id ?? ''), 'hold', hold.id);
    const reversal = await made<TransactionAnswer>(path);
    expect(reversal).toMatchObject({ reverses: hold.id });
    expect((await bank.call('GET', `/v1/transactions/${reversal.id}`)).body).toEqual(reversal);
    expect(await balanceOf(bank, a)).toBe(100n);
  });

  it('an order is cancelled: money and goods together, once', async () => {
    const [customer, merchant] = [await newAccount(100), await newAccount()];
    const [sku, other] = [`sku-${randomUUID()}`, `sku-${randomUUID()}`];
    await createProduct(bank, { sku, price: 10, stock: 5 });
    await createProduct(bank, { sku: other, price: 7, stock: 5 });
    const lines = [
      { sku, quantity: 2 },
      { sku: other, quantity: 1 },
    ];
    const order = await made<OrderAnswer>('/v1/orders', { customer, merchant, lines });
    const whole = (await bank.call<TransactionAnswer>('GET', `/v1/transactions/${order.id}`)).body;
    for (const { id } of whole.transfers) expectPartOf(await reverse(id), 'order', order.id);
    expectPartOf(
      await bank.call('POST', `/v1/transactions/${order.id}/reversals`),
      'order',
      order.id,
    );
    const id = randomUUID();
    const cancel = `/v1/orders/${order.id}/cancel`;
    const cancelled = await made<OrderAnswer>(cancel, { id }, 200);
    expect(cancelled).toEqual({
      ...order,
      status: 'cancelled',
      cancellation: {
        transactionId: id,
        seq: cancelled.cancellation?.seq,
        at: cancelled.cancellation?.at,
      },
    });
    expect((await bank.call('GET', `/v1/orders/${order.id}`)).body).toEqual(cancelled);
    const back = (await bank.call<TransactionAnswer>('GET', `/v1/transactions/${id}`)).body;
    expect(back).toMatchObject({ reverses: order.id, seq: cancelled.cancellation?.seq });
    expect(back.transfers.map(({ from, to, amount }) => [from, to, amount])).toEqual([
      [merchant, customer, 27],
      [`sold:${sku}`, `stock:${sku}`, 2],
      [`sold:${other}`, `stock:${other}`, 1],
    ]);
    expectPartOf(await reverse(back.transfers[0]?.id ?? ''), 'order', order.id);
    const again = await bank.call('POST', cancel);
    expect([again.status, endOf(again), again.body['orderStatus']]).toEqual([
      422,
      'order_not_completed',
      'cancelled',
    ]);
    expect(await balanceOf(bank, customer)).toBe(100n);
    expect(await productOf(bank, sku)).toMatchObject({ stock: 5, sold: 0 });
    const list = async (status: string) => {
      const path = `/v1/orders?customer=${customer}&status=${status}`;
      return (await bank.call<{ data: OrderAnswer[] }>('GET', path)).body.data;
    };
    expect(await list('cancelled')).toEqual([cancelled]);
    expect(await list('completed')).toEqual([]);
  });

  it('an order can’t be cancelled when the money is gone, or when it never was completed', async () => {
    const [customer, merchant] = [await newAccount(100), await newAccount()];
    const sku = `sku-${randomUUID()}`;
    await createProduct(bank, { sku, price: 10, stock: 5 });
    const place = (quantity: number) =>
      bank.call<OrderAnswer>('POST', '/v1/orders', {
        id: randomUUID(),
        customer,
        merchant,
        lines: [{ sku, quantity }],
      });
    const order = (await place(3)).body;
    await transfer(merchant, await newAccount(), 30);
    expect(endOf(await bank.call('POST', `/v1/orders/${order.id}/cancel`))).toBe(
      'insufficient_funds',
    );
    const refused = randomUUID();
    await bank.call('POST', '/v1/orders', {
      id: refused,
      customer,
      merchant,
      lines: [{ sku, quantity: 9 }],
    });
    const never = await bank.call('POST', `/v1/orders/${refused}/cancel`);
    expect([never.status, endOf(never), never.body['orderStatus']]).toEqual([
      422,
      'order_not_completed',
      'refused',
    ]);
    const missing = await bank.call('POST', `/v1/orders/${randomUUID()}/cancel`);
    expect([missing.status, endOf(missing)]).toEqual([404, 'order_not_found']);
    expect(await productOf(bank, sku)).toMatchObject({ stock: 2, sold: 3 });
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
