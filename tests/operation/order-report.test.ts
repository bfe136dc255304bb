import type { OrderAnswer, OrderReport } from '@lastro/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';

type Row = OrderReport['data'][number];

let bank: BankInProcess;
let orders: readonly OrderAnswer[];

const line = (sku: string, quantity: number) => ({ sku, quantity });

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'ana', 1_000);
  await openAccount(bank, 'bruno', 100);
  await openAccount(bank, 'shop');
  await createProduct(bank, { sku: 'coffee', price: 30, stock: 10 });
  await createProduct(bank, { sku: 'tea', price: 7, stock: 3 });
  const wanted = [
    ['ana', [line('coffee', 2)]],
    ['ana', [line('coffee', 1), line('tea', 1)]],
    ['ana', [line('tea', 1), line('tea', 1)]],
    ['ana', [line('tea', 1)]],
    ['bruno', [line('coffee', 3)]],
    ['bruno', [line('coffee', 3)]],
    ['ana', [line('coffee', 1)]],
  ] as const;
  for (const [customer, lines] of wanted) {
    await bank.call('POST', '/v1/orders', { customer, merchant: 'shop', lines });
  }
  const [newest] = (await bank.call<{ data: OrderAnswer[] }>('GET', '/v1/orders?limit=1')).body
    .data;
  const cancelled = await bank.call('POST', `/v1/orders/${newest?.id}/cancel`);
  expect(cancelled.status, cancelled.text).toBe(200);
  const listed = await bank.call<{ data: OrderAnswer[] }>('GET', '/v1/orders');
  orders = listed.body.data;
  expect(orders.map(({ status }) => status).toSorted()).toEqual([
    'cancelled',
    'completed',
    'completed',
    'completed',
    'completed',
    'refused',
    'refused',
  ]);
});
afterAll(() => bank.stop());

async function report(query: string): Promise<readonly Row[]> {
  const answer = await bank.call<OrderReport>('GET', `/v1/reports/orders?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.data;
}

/** What the report must say, counted from the orders themselves. */
function expected(
  keysOf: (order: OrderAnswer) => readonly string[],
  totalOf: (order: OrderAnswer, key: string) => number = ({ total = 0 }) => total,
): Row[] {
  const keys = [...new Set(orders.flatMap(keysOf))].toSorted();
  return keys.map((key) => {
    const own = orders.filter((order) => keysOf(order).includes(key));
    const completed = own.filter(({ status }) => status === 'completed');
    return {
      key,
      orders: own.length,
      completed: completed.length,
      refused: own.filter(({ status }) => status === 'refused').length,
      cancelled: own.filter(({ status }) => status === 'cancelled').length,
      total: completed.reduce((sum, order) => sum + totalOf(order, key), 0),
    };
  });
}

it('equals the orders by product, customer, status and hour', async () => {
  expect(await report('by=customer')).toEqual(expected(({ customer }) => [customer]));
  expect(await report('by=status')).toEqual(expected(({ status }) => [status]));
  expect(await report('by=hour')).toEqual(expected(({ at }) => [`${at.slice(0, 13)}:00:00Z`]));
  const byProduct = expected(
    ({ lines }) => lines.map(({ sku }) => sku),
    ({ lines }, key) =>
      lines.filter(({ sku }) => sku === key).reduce((sum, { total = 0 }) => sum + total, 0),
  );
  expect(await report('by=product')).toEqual(byProduct);
});

it('equals the ledger: what was sold is what the merchant got', async () => {
  const rows = await report('by=product');
  const { body } = await bank.call<{ balance: number }>('GET', '/v1/accounts/shop');
  expect(rows.reduce((sum, { total }) => sum + Number(total), 0)).toBe(body.balance);
  const completed = await report('by=status');
  expect(completed.find(({ key }) => key === 'completed')?.total).toBe(body.balance);
});

it('is by status when it is not asked otherwise', async () => {
  expect(await report('')).toEqual(await report('by=status'));
});

it('takes a period with its beginning and without its end, to the millisecond', async () => {
  const oldestFirst = orders.toReversed();
  const from = oldestFirst[1]?.at ?? '';
  const to = oldestFirst[4]?.at ?? '';
  const inside = orders.filter(({ at }) => at >= from && at < to).length;
  const count = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + row.orders, 0);
  expect(count(await report(`from=${from}&to=${to}`))).toBe(inside);
  expect(count(await report(`from=${from}`))).toBe(orders.filter(({ at }) => at >= from).length);
  expect(count(await report(`to=${to}`))).toBe(orders.filter(({ at }) => at < to).length);
  expect(await report(`from=${to}&to=${to}`)).toEqual([]);
  const later = from.replace('Z', '0001Z');
  expect(count(await report(`from=${later}`))).toBe(orders.filter(({ at }) => at > from).length);
});

it('takes any offset, and any year that a date can have', async () => {
  expect(await report('from=2001-01-01T00:00:00%2B02:00')).toHaveLength(3);
  expect(await report('from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z')).toHaveLength(3);
  expect(await report('from=9999-12-31T23:59:59-23:59')).toEqual([]);
  expect(await report('to=0001-01-01T00:00:00%2B23:59')).toEqual([]);
});

it.each([
  'from=yesterday',
  'from=2026-01-01',
  'from=2026-02-30T00:00:00Z',
  'from=2016-12-31T23:59:60Z',
  'from=2026-01-01T24:00:00Z',
  'from=2026-01-01T00:00:00%2B24:00',
  'from=2026-01-01T00:00:00',
  'from=10000-01-01T00:00:00Z',
  'from=-0001-01-01T00:00:00Z',
  'from=2026-01-01T00:00:00Z%00',
  'from=infinity',
  'from=now',
  'to=',
  'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
  'from=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z',
  'by=merchant',
  'by=',
  'until=2026-01-01T00:00:00Z',
])('refuses %s as malformed', async (query) => {
  const { status, body } = await bank.call('GET', `/v1/reports/orders?${query}`);
  expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'invalid_request' });
});

it('needs a key', async () => {
  const { status } = await bank.call('GET', '/v1/reports/orders', undefined, { key: null });
  expect(status).toBe(401);
});
