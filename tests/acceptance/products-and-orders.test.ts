import { randomUUID } from 'node:crypto';
import type { OrderAnswer, ProductAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, headSeqOf, productOf, trialBalanceOf } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'customer', 100_000);
  await openAccount(bank, 'shop');
  await openAccount(bank, 'other-shop');
  await openAccount(bank, 'dollars', 100, 'USD/2');
  return () => bank.stop();
});

describe('products', () => {
  it('creates one with its first stock, lists it and reads it', async () => {
    const request = {
      sku: 'mug',
      name: 'Caneca "azul" 🙂',
      price: 2_590,
      asset: 'BRL/2',
      stock: 12,
      merchant: 'shop',
    };
    const created = await bank.call<ProductAnswer>('POST', '/v1/products', request);
    const product = { ...request, reserved: 0, sold: 0, version: 1 };
    expect([created.status, created.body, created.headers['etag']]).toEqual([201, product, '"1"']);
    const read = await bank.call('GET', '/v1/products/mug');
    expect([read.status, read.body, read.headers['etag']]).toEqual([200, product, '"1"']);
    const list = await bank.call<{ data: AnyBody[] }>('GET', '/v1/products');
    expect(list.body.data).toContainEqual(product);
  });

  it.each([
    ['a sku that stands', { sku: 'standing' }, 409, 'product_exists'],
    ['an asset that nobody has', { asset: 'XYZ/2' }, 422, 'asset_unknown'],
    ['another scale', { asset: 'BRL/3' }, 422, 'asset_scale_conflict'],
    ['a merchant who is not there', { merchant: 'nobody' }, 422, 'account_not_found'],
    ['a merchant of another asset', { merchant: 'dollars' }, 422, 'asset_mismatch'],
    ['a system account as merchant', { merchant: 'cash:BRL' }, 422, 'system_account'],
  ])('refuses %s', async (_, change, status, code) => {
    const headers = { 'idempotency-key': 'making-standing' };
    const base = { sku: 'standing', name: 'S', price: 1, asset: 'BRL/2', stock: 0 };
    await bank.call('POST', '/v1/products', base, { headers });
    const before = await trialBalanceOf(bank);
    const refused = await bank.call('POST', '/v1/products', {
      ...base,
      sku: `p-${randomUUID()}`,
      ...change,
    });
    expect([refused.status, endOf(refused)], refused.text).toEqual([status, code]);
    expect((await trialBalanceOf(bank)).assets).toEqual(before.assets);
  });

  it('changes name and price for who read the newest version', async () => {
    await createProduct(bank, { sku: 'changing', price: 100, stock: 5 });
    const patch = (body: AnyBody, headers: Record<string, string>) =>
      bank.call('PATCH', '/v1/products/changing', body, { headers });
    const changed = await patch({ price: 120 }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers['etag'], changed.body]).toEqual([
      200,
      '"2"',
      {
        sku: 'changing',
        name: 'Product changing',
        price: 120,
        asset: 'BRL/2',
        merchant: null,
        stock: 5,
        reserved: 0,
        sold: 0,
        version: 2,
      },
    ]);
    const before = await headSeqOf(bank);
    const without = await patch({ price: 130 }, {});
    expect([without.status, endOf(without)]).toEqual([428, 'precondition_required']);
    for (const tag of ['W/"2"', '2', '*', '"x"', '"2", "3"', '""', '"-1"', '"1.0"']) {
      const odd = await patch({ price: 130 }, { 'if-match': tag });
      expect([odd.status, endOf(odd)], tag).toEqual([412, 'version_conflict']);
    }
    expect(await headSeqOf(bank)).toBe(before);
    const stale = await patch(
      { price: 130 },
      { 'if-match': '"1"', 'idempotency-key': randomUUID() },
    );
    expect([stale.status, endOf(stale)]).toEqual([412, 'version_conflict']);
    const renamed = await patch({ name: 'New', price: 0 }, { 'if-match': '"2"' });
    expect(renamed.body).toMatchObject({ name: 'New', price: 0, version: 3 });
    const none = await patch({}, { 'if-match': '"3"' });
    expect([none.status, endOf(none)]).toEqual([400, 'invalid_request']);
    const unknown = await bank.call(
      'PATCH',
      '/v1/products/unknown',
      { price: 1 },
      { headers: { 'if-match': '"1"' } },
    );
    expect([unknown.status, endOf(unknown), unknown.body['sku']]).toEqual([
      422,
      'product_not_found',
      'unknown',
    ]);
  });

  it('lets one of many concurrent changes of one version win', async () => {
    await createProduct(bank, { sku: 'contended', price: 1, stock: 0 });
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        bank.call(
          'PATCH',
          '/v1/products/contended',
          { price: index + 2 },
          { headers: { 'if-match': '"1"' } },
        ),
      ),
    );
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(ends.filter(({ status }) => status === 412)).toHaveLength(19);
    expect((await productOf(bank, 'contended')).version).toBe(2);
  });

  it('receives, writes off and finds goods', async () => {
    await createProduct(bank, { sku: 'goods', price: 1, stock: 10 });
    const receipt = await bank.call('POST', '/v1/products/goods/receipts', { quantity: 5 });
    expect([receipt.status, receipt.body['stock'], receipt.body['version']]).toEqual([201, 15, 1]);
    const lost = await bank.call('POST', '/v1/products/goods/adjustments', {
      quantity: -4,
      reason: 'broken',
    });
    expect([lost.status, lost.body['stock']]).toEqual([201, 11]);
    const found = await bank.call('POST', '/v1/products/goods/adjustments', {
      quantity: 3,
      reason: 'found',
    });
    expect([found.status, found.body['stock']]).toEqual([201, 14]);
    const tooMuch = await bank.call('POST', '/v1/products/goods/adjustments', {
      quantity: -15,
      reason: 'all',
    });
    expect([tooMuch.status, endOf(tooMuch), tooMuch.body['sku']]).toEqual([
      422,
      'insufficient_stock',
      'goods',
    ]);
    for (const below of ['receipts', 'adjustments']) {
      const unknown = await bank.call('POST', `/v1/products/none/${below}`, {
        quantity: 1,
        ...(below === 'adjustments' ? { reason: 'x' } : {}),
      });
      expect([unknown.status, endOf(unknown)]).toEqual([422, 'product_not_found']);
    }
    expect(await balanceOf(bank, 'received:goods')).toBe(-18n);
    await checkBooks(bank);
  });
});

describe('orders', () => {
  beforeAll(async () => {
    await createProduct(bank, { sku: 'pen', price: 300, stock: 1_000, merchant: 'shop' });
    await createProduct(bank, { sku: 'ink', price: 150, stock: 1_000 });
    await createProduct(bank, { sku: 'gift', price: 0, stock: 1_000 });
  });

  it('moves money and goods at once and is read back as it was answered', async () => {
    const id = randomUUID();
    const shop = await balanceOf(bank, 'shop');
    const placed = await bank.call<OrderAnswer>('POST', '/v1/orders', {
      id,
      customer: 'customer',
      merchant: 'shop',
      lines: [
        { sku: 'pen', quantity: 2 },
        { sku: 'ink', quantity: 1 },
        { sku: 'pen', quantity: 1 },
        { sku: 'gift', quantity: 1 },
      ],
      expectedTotal: 1_050,
    });
    expect([placed.status, placed.body]).toEqual([
      201,
      {
        id,
        status: 'completed',
        customer: 'customer',
        merchant: 'shop',
        asset: 'BRL/2',
        lines: [
          { sku: 'pen', name: 'Product pen', unitPrice: 300, quantity: 3, total: 900 },
          { sku: 'ink', name: 'Product ink', unitPrice: 150, quantity: 1, total: 150 },
          { sku: 'gift', name: 'Product gift', unitPrice: 0, quantity: 1, total: 0 },
        ],
        total: 1_050,
        transactionId: id,
        seq: await headSeqOf(bank),
        at: expect.stringMatching(TIME),
      },
    ]);
    const read = await bank.call('GET', `/v1/orders/${id}`);
    expect([read.status, read.body]).toEqual([200, placed.body]);
    expect(await balanceOf(bank, 'shop')).toBe(shop + 1_050n);
    expect(await productOf(bank, 'pen')).toMatchObject({ stock: 997, sold: 3 });
    const transaction = await bank.call<{ transfers: AnyBody[] }>('GET', `/v1/transactions/${id}`);
    expect(
      transaction.body.transfers.map(({ from, to, amount, asset }) => [from, to, amount, asset]),
    ).toEqual([
      ['customer', 'shop', 1_050, 'BRL/2'],
      ['stock:pen', 'sold:pen', 3, 'sku:pen/0'],
      ['stock:ink', 'sold:ink', 1, 'sku:ink/0'],
      ['stock:gift', 'sold:gift', 1, 'sku:gift/0'],
    ]);
  });

  it('of what costs nothing moves goods only', async () => {
    const balance = await balanceOf(bank, 'customer');
    const placed = await bank.call('POST', '/v1/orders', {
      customer: 'customer',
      merchant: 'shop',
      lines: [{ sku: 'gift', quantity: 2 }],
    });
    expect([placed.status, placed.body['total']]).toEqual([201, 0]);
    expect(await balanceOf(bank, 'customer')).toBe(balance);
  });

  it('keeps the price and name that it was decided with', async () => {
    await createProduct(bank, { sku: 'dear', price: 100, stock: 10 });
    const placed = await bank.call('POST', '/v1/orders', {
      customer: 'customer',
      merchant: 'shop',
      lines: [{ sku: 'dear', quantity: 1 }],
    });
    await bank.call(
      'PATCH',
      '/v1/products/dear',
      { name: 'Dearer', price: 200 },
      { headers: { 'if-match': '"1"' } },
    );
    const read = await bank.call('GET', `/v1/orders/${String(placed.body['id'])}`);
    expect(read.body).toEqual(placed.body);
    const stale = await bank.call('POST', '/v1/orders', {
      customer: 'customer',
      merchant: 'shop',
      lines: [{ sku: 'dear', quantity: 1 }],
      expectedTotal: 100,
    });
    expect([stale.status, endOf(stale)]).toEqual([422, 'price_changed']);
  });

  it.each([
    [
      'more than there is',
      { lines: [{ sku: 'ink', quantity: 10_000 }] },
      { code: 'insufficient_stock', sku: 'ink' },
    ],
    [
      'the second line’s stock',
      {
        lines: [
          { sku: 'gift', quantity: 1 },
          { sku: 'pen', quantity: 10_000 },
        ],
      },
      { code: 'insufficient_stock', sku: 'pen' },
    ],
    [
      'more than the customer has',
      { lines: [{ sku: 'pen', quantity: 900 }] },
      { code: 'insufficient_funds', account: 'customer' },
    ],
    ['another total', { expectedTotal: 1 }, { code: 'price_changed' }],
    [
      'a product that is not there',
      { lines: [{ sku: 'nothing', quantity: 1 }] },
      { code: 'product_not_found', sku: 'nothing' },
    ],
    [
      'another merchant’s product',
      { merchant: 'other-shop' },
      { code: 'merchant_mismatch', sku: 'pen' },
    ],
    ['nobody’s money', { customer: 'nobody' }, { code: 'account_not_found', account: 'nobody' }],
    ['cash', { customer: 'cash:BRL' }, { code: 'system_account', account: 'cash:BRL' }],
    [
      'for a system account',
      { merchant: 'stock:pen' },
      { code: 'system_account', account: 'stock:pen' },
    ],
    ['from itself', { customer: 'shop' }, { code: 'same_account' }],
    ['in another asset', { customer: 'dollars' }, { code: 'asset_mismatch' }],
    [
      'too many of one sku in two lines',
      {
        lines: [
          { sku: 'pen', quantity: 10 ** 12 },
          { sku: 'pen', quantity: 10 ** 12 },
        ],
      },
      { code: 'amount_out_of_range' },
    ],
  ])('refuses %s; it is found as refused and moved nothing', async (_, change, refusal) => {
    const id = randomUUID();
    const request = {
      id,
      customer: 'customer',
      merchant: 'shop',
      lines: [{ sku: 'pen', quantity: 1 }],
      ...change,
    };
    const before = await trialBalanceOf(bank);
    const refused = await bank.call('POST', '/v1/orders', request);
    expect([refused.status, refused.body], refused.text).toEqual([
      422,
      expect.objectContaining(refusal),
    ]);
    const after = await trialBalanceOf(bank);
    expect([after.seq, after.assets]).toEqual([before.seq + 1, before.assets]);
    const read = await bank.call('GET', `/v1/orders/${id}`);
    expect(read.body).toEqual({
      id,
      status: 'refused',
      customer: request.customer,
      merchant: request.merchant,
      lines: request.lines,
      ...refusal,
      seq: after.seq,
      at: expect.stringMatching(TIME),
    });
    const list = await bank.call<{ data: AnyBody[] }>(
      'GET',
      `/v1/orders?status=refused&customer=${request.customer}&limit=1`,
    );
    expect(list.body.data).toEqual([read.body]);
  });

  it('has 1 to 100 lines', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, () => ({ sku: 'gift', quantity: 1 }));
    const order = { customer: 'customer', merchant: 'shop' };
    for (const count of [0, 101]) {
      const odd = await bank.call('POST', '/v1/orders', { ...order, lines: lines(count) });
      expect([odd.status, endOf(odd)]).toEqual([400, 'invalid_request']);
    }
    const all = await bank.call<OrderAnswer>('POST', '/v1/orders', { ...order, lines: lines(100) });
    expect(all.body.lines).toEqual([
      { sku: 'gift', name: 'Product gift', unitPrice: 0, quantity: 100, total: 0 },
    ]);
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
