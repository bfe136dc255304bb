import { randomUUID } from 'node:crypto';
import type { ConsentAnswer, OrderAnswer, Problem } from '@lastro/contract';
import { beforeAll, expect, it, vi } from 'vitest';
import { settled, startBanksInProcess, type BanksInProcess } from '../harness/banks-in-process.ts';
import { balanceOf, checkBooks, stockOf } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount, tally } from '../harness/seeding.ts';

// Busy machines take their time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const STOCK = 10;
const PRICE = 25;
const FUNDS = 1_000;

let banks: BanksInProcess;
let alfa: BanksInProcess['all'][number];
let beta: BanksInProcess['all'][number];
let consent: string;

beforeAll(async () => {
  banks = await startBanksInProcess(['alfa', 'beta']);
  [alfa, beta] = [banks.bank('alfa'), banks.bank('beta')];
  await openAccount(alfa, 'loja');
  await openAccount(beta, 'ana', FUNDS);
  for (const sku of ['mug', 'rare', 'free']) {
    const [price, stock] = [sku === 'free' ? 0 : PRICE, sku === 'rare' ? 1 : STOCK];
    await createProduct(alfa, { sku, price, stock });
  }
  consent = await consentOf(FUNDS);
  return () => banks.stop();
});

async function consentOf(amount: number): Promise<string> {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const given = { account: 'ana', bank: 'alfa', amount, uses: 'total', expiresAt };
  return (await beta.call<ConsentAnswer>('POST', '/v1/consents', given)).body.id;
}

const order = (changes: AnyBody = {}) => ({
  customer: 'beta/ana',
  consent,
  merchant: 'loja',
  lines: [{ sku: 'mug', quantity: 2 }],
  ...changes,
});

const place = (changes: AnyBody = {}) => settled<OrderAnswer>(alfa, '/v1/orders', order(changes));
const refuse = (changes: AnyBody) => settled<Problem>(alfa, '/v1/orders', order(changes));

/** What the shop has, in money and in mugs, and what the customer has. */
const holdings = async () => [
  await balanceOf(alfa, 'loja'),
  await stockOf(alfa, 'mug'),
  await balanceOf(beta, 'ana'),
];

it('goods are sold here for money that comes from there', async () => {
  const [till = 0n, mugs = 0, funds = 0n] = await holdings();
  const placed = await place({ expectedTotal: 2 * PRICE });
  expect([placed.status, placed.body], placed.text).toEqual([
    201,
    {
      id: expect.any(String),
      status: 'completed',
      customer: 'beta/ana',
      merchant: 'loja',
      asset: 'BRL/2',
      lines: [{ sku: 'mug', name: 'Product mug', unitPrice: PRICE, quantity: 2, total: 2 * PRICE }],
      total: 2 * PRICE,
      transactionId: expect.stringMatching(/^alfa\//),
      seq: expect.any(Number),
      at: expect.any(String),
    },
  ]);
  await banks.decided(placed.body.transactionId ?? '', ['alfa', 'beta']);
  expect(await holdings()).toEqual([BigInt(till) + 50n, Number(mugs) - 2, BigInt(funds) - 50n]);
  const read = await alfa.call('GET', `/v1/orders/${placed.body.id}`);
  expect(read.body).toEqual(placed.body);
  const { body: list } = await alfa.call<{ data: readonly OrderAnswer[] }>(
    'GET',
    '/v1/orders?customer=beta%2Fana',
  );
  expect(list.data.map(({ id }) => id)).toContain(placed.body.id);
});

it('under one id there is one order', async () => {
  const headers = { 'idempotency-key': `order-${randomUUID()}` };
  const [first, second] = await atOnce(2, () =>
    settled<OrderAnswer>(alfa, '/v1/orders', order(), { headers }),
  );
  expect([first?.status, second?.body]).toEqual([201, first?.body]);
  const again = await settled(alfa, '/v1/orders', order(), { headers });
  expect([again.status, again.body]).toEqual([201, first?.body]);
  expect(again.headers['idempotency-replayed']).toBe('true');
});

it('without the money no goods move', async () => {
  await banks.quiet();
  const before = await holdings();
  const small = await consentOf(PRICE - 1);
  for (const [changes, code] of [
    [{ consent: small }, 'consent_exceeded'],
    [{ consent: randomUUID() }, 'consent_not_found'],
    [{ customer: 'beta/nobody' }, 'consent_not_found'],
  ] as const) {
    const reply = await refuse(changes);
    expect([reply.body.code, reply.body.bank]).toEqual([code, 'beta']);
  }
  await banks.quiet();
  expect(await holdings()).toEqual(before);
});

it('without the goods no money moves', async () => {
  await banks.quiet();
  const before = await holdings();
  for (const [changes, code] of [
    [{ lines: [{ sku: 'mug', quantity: STOCK + 1 }] }, 'insufficient_stock'],
    [{ lines: [{ sku: 'nothing', quantity: 1 }] }, 'product_not_found'],
    [{ expectedTotal: 1 }, 'price_changed'],
    [{ merchant: 'nobody' }, 'account_not_found'],
    [{ lines: [{ sku: 'free', quantity: 1 }] }, 'amount_out_of_range'],
  ] as const) {
    expect([changes, endOf(await refuse(changes))]).toEqual([changes, code]);
  }
  expect(await holdings()).toEqual(before);
});

it('of the last one of its kind one customer gets it', async () => {
  const words = await atOnce(5, async () =>
    endOf(await refuse({ lines: [{ sku: 'rare', quantity: 1 }] })),
  );
  expect(tally(words)).toEqual({ '201': 1, insufficient_stock: 4 });
  expect(await stockOf(alfa, 'rare')).toBe(0);
});

it('what is sold across banks is not taken back by one of them alone', async () => {
  const { body } = await place();
  const reply = await alfa.call<Problem>('POST', `/v1/orders/${body.id}/cancel`);
  expect([reply.status, reply.body.code]).toEqual([422, 'part_of']);
});

it('leaves sound books', async () => {
  await banks.quiet();
  for (const bank of banks.all) {
    await checkBooks(bank);
    expect(banks.alarmsOf(bank)).toEqual([]);
  }
  expect(await banks.position('alfa', 'beta')).toBe(-(await banks.position('beta', 'alfa')));
});
