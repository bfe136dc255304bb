import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, trialBalanceOf } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount, tally } from '../harness/seeding.ts';

const MOST = 10 ** 12;
/** As many of the largest amounts as one client's account can hold: 9 007. */
const FITTING = Math.floor(Number.MAX_SAFE_INTEGER / MOST);

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

describe('the largest balances', () => {
  it('a client’s account is refused what would pass 2^53 − 1, and cash goes beyond it as text', async () => {
    await openAccount(bank, 'full');
    await openAccount(bank, 'second');
    const deposit = (account: string, amount: number) =>
      bank.call('POST', '/v1/deposits', { account, amount });
    const ends = await atOnce(FITTING + 3, async () => endOf(await deposit('full', MOST)));
    expect(tally(ends)).toEqual({ '201': FITTING, balance_out_of_range: 3 });
    const rest = Number.MAX_SAFE_INTEGER - FITTING * MOST;
    expect(endOf(await deposit('full', rest + 1))).toBe('balance_out_of_range');
    expect(endOf(await deposit('full', rest))).toBe('201');
    expect(endOf(await deposit('full', 1))).toBe('balance_out_of_range');
    expect((await bank.call('GET', '/v1/accounts/full')).body['balance']).toBe(
      Number.MAX_SAFE_INTEGER,
    );

    expect(endOf(await deposit('second', MOST))).toBe('201');
    const total = BigInt(Number.MAX_SAFE_INTEGER) + BigInt(MOST);
    const cash = await bank.call('GET', '/v1/accounts/cash:BRL');
    expect(cash.body).toMatchObject({ balance: `-${total}`, available: null, creditLimit: null });
    const entries = await bank.call<{ data: AnyBody[] }>(
      'GET',
      '/v1/accounts/cash:BRL/entries?limit=2',
    );
    expect(entries.body.data.map(({ balanceAfter }) => balanceAfter)).toEqual([
      `-${total}`,
      -Number.MAX_SAFE_INTEGER,
    ]);
    const { assets } = await trialBalanceOf(bank);
    expect(assets).toEqual([
      expect.objectContaining({
        asset: 'BRL/2',
        debits: String(total),
        credits: String(total),
        balance: '0',
      }),
    ]);
    await checkBooks(bank);
  }, 120_000);

  it('an order is refused when its merchant’s account can’t take the money', async () => {
    await createProduct(bank, { sku: 'last-straw', price: 1, stock: 5 });
    const order = {
      customer: 'second',
      merchant: 'full',
      lines: [{ sku: 'last-straw', quantity: 1 }],
    };
    const refused = await bank.call('POST', '/v1/orders', order);
    expect([refused.status, endOf(refused), refused.body['account']]).toEqual([
      422,
      'balance_out_of_range',
      'full',
    ]);
    expect(await balanceOf(bank, 'stock:last-straw')).toBe(5n);
  });
});

describe('the largest texts', () => {
  const odd = 'NULL {},"\\\n\t\u0001\u007f\u2028<&>\'$1 ção €';

  async function expectMetadataBack(metadata: AnyBody): Promise<void> {
    const account = await openAccount(bank, `noted-${randomUUID()}`, 100);
    const id = randomUUID();
    const to = await openAccount(bank, `reader-${randomUUID()}`);
    const body = { id, from: account, to, amount: 1, metadata };
    const posted = await bank.call('POST', '/v1/transfers', body);
    expect(posted.status, posted.text).toBe(201);
    const after = Number(posted.body['seq']) - 1;
    const events = await bank.call<{ data: { data: AnyBody }[] }>(
      'GET',
      `/v1/events?after=${after}&limit=1`,
    );
    expect(events.body.data[0]?.data['metadata']).toEqual(metadata);
    expect(posted.body['metadata']).toEqual(metadata);
    expect((await bank.call('GET', `/v1/transfers/${id}`)).body).toEqual(posted.body);
  }

  it('metadata of 20 pairs of 500 characters is taken and comes back', async () => {
    const pairs = Array.from({ length: 20 }, (_, index) => [
      `${index}${odd}`.padEnd(500, 'k'),
      `${odd}🙂`.padEnd(499, '€'),
    ]);
    await expectMetadataBack(Object.fromEntries(pairs) as AnyBody);
    await checkBooks(bank);
  });

  it('metadata comes back under a name beyond the first plane of Unicode', async () => {
    await expectMetadataBack({ '🙂': 'smile', plain: 'text' });
  });

  it('ids at their bounds are taken: 64 characters for an account, 50 for a sku', async () => {
    const account = 'A._:@+-'.padEnd(64, '9');
    const sku = '-+@:_.z'.padEnd(50, '0');
    await openAccount(bank, account, 5);
    await createProduct(bank, { sku, price: 5, stock: 1, merchant: 'second' });
    const placed = await bank.call('POST', '/v1/orders', {
      customer: account,
      merchant: 'second',
      lines: [{ sku, quantity: 1 }],
    });
    expect(placed.status, placed.text).toBe(201);
    for (const id of ['__proto__', 'constructor', 'toString', '.', '..', '-', 'cash', 'CASH:BRL']) {
      await openAccount(bank, id, 1);
      expect([id, await balanceOf(bank, id)]).toEqual([id, 1n]);
    }
    await checkBooks(bank);
  });
});

describe('public ids', () => {
  it('are unique among transfers and among transactions and orders, whoever chose them', async () => {
    await openAccount(bank, 'ids', 1_000);
    const key = async (name: string) =>
      (await bank.call<{ key: string }>('POST', '/v1/api-keys', { name, scope: 'admin' })).body.key;
    const [one, other] = [await key('one'), await key('other')];
    const id = randomUUID();
    const leg = { from: 'ids', to: 'second', amount: 1 };
    const order = {
      id,
      customer: 'ids',
      merchant: 'second',
      lines: [{ sku: 'last-straw', quantity: 1 }],
    };
    const send = async (by: string, path: string, body: AnyBody) =>
      endOf(await bank.call('POST', path, body, { key: by }));
    expect(await send(one, '/v1/orders', order)).toBe('201');
    expect(await send(other, '/v1/orders', order)).toBe('id_taken');
    const third = await key('third');
    expect(await send(third, '/v1/transactions', { id, transfers: [leg] })).toBe('id_taken');
    const mine = randomUUID();
    expect(await send(one, '/v1/deposits', { id: mine, account: 'ids', amount: 1 })).toBe('201');
    expect(await send(other, '/v1/transfers', { ...leg, id: mine })).toBe('id_taken');
    const inside = { transfers: [{ ...leg, id: mine }] };
    expect(await send(third, '/v1/transactions', inside)).toBe('id_taken');
    expect(await send(third, '/v1/products/last-straw/receipts', { id: mine, quantity: 1 })).toBe(
      'id_taken',
    );
    expect(await send(other, '/v1/transfers/batch', { transfers: [{ ...leg, id: mine }] })).toBe(
      '200',
    );
    expect(await balanceOf(bank, 'ids')).toBe(1_000n);
    expect((await bank.call('GET', `/v1/orders/${id}`)).body['status']).toBe('completed');
    await checkBooks(bank);
  });
});

it('leaves no complaint', () => {
  expect(bank.complaints).toEqual([]);
});
