import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, headSeqOf } from '../harness/books.ts';
import type { AnyBody, Method, Reply } from '../harness/http-caller.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';

interface Sent {
  readonly method: Method;
  readonly path: string;
  readonly body: AnyBody;
  readonly headers: Readonly<Record<string, string>>;
}

let bank: BankInProcess;
const answers = new Map<string, Reply<AnyBody>>();

const post = (path: string, body: AnyBody): Sent => ({
  method: 'POST',
  path,
  body,
  headers: { 'idempotency-key': randomUUID() },
});
const moves = [
  { from: 'payer', to: 'payee', amount: 5 },
  { from: 'payee', to: 'payer', amount: 1 },
];
/** Things that later commands name. */
const IDS = {
  captured: randomUUID(),
  released: randomUUID(),
  extended: randomUUID(),
  group: randomUUID(),
  transfer: randomUUID(),
  transaction: randomUUID(),
  order: randomUUID(),
};
const order = { customer: 'payer', merchant: 'payee', lines: [{ sku: 'thing', quantity: 2 }] };

/** Every kind of command, accepted and refused. */
const sent: Readonly<Record<string, Sent>> = {
  'an opened account': post('/v1/accounts', {
    asset: 'BRL/2',
    creditLimit: 7,
    metadata: { a: 'b' },
  }),
  'an account refused': post('/v1/accounts', { asset: 'BRL/9' }),
  'a deposit': post('/v1/deposits', { account: 'payer', amount: 11 }),
  'a withdrawal': post('/v1/withdrawals', { account: 'payer', amount: 11 }),
  'a withdrawal refused': post('/v1/withdrawals', { account: 'payee', amount: 10 ** 11 }),
  'a transfer': post('/v1/transfers', moves[0] ?? {}),
  'a transfer refused': post('/v1/transfers', { ...moves[0], amount: 10 ** 11 }),
  'a batch': post('/v1/transfers/batch', {
    transfers: [...moves, { ...moves[0], amount: 10 ** 11 }],
  }),
  'a transaction': post('/v1/transactions', { transfers: moves }),
  'a transaction refused': post('/v1/transactions', {
    transfers: [...moves, { ...moves[0], to: 'nobody' }],
  }),
  'a product': post('/v1/products', {
    sku: 'made',
    name: 'Made',
    price: 5,
    asset: 'BRL/2',
    stock: 3,
  }),
  'a product refused': post('/v1/products', {
    sku: 'thing',
    name: 'Again',
    price: 5,
    asset: 'BRL/2',
    stock: 3,
  }),
  'a product changed': {
    ...post('/v1/products/thing', { price: 11 }),
    method: 'PATCH',
    headers: { 'idempotency-key': randomUUID(), 'if-match': '"1"' },
  },
  'a change refused': {
    ...post('/v1/products/thing', { price: 12 }),
    method: 'PATCH',
    headers: { 'idempotency-key': randomUUID(), 'if-match': '"9"' },
  },
  'goods received': post('/v1/products/never-renamed/receipts', { quantity: 4 }),
  'goods written off': post('/v1/products/never-renamed/adjustments', {
    quantity: -1,
    reason: 'broken',
  }),
  'goods refused': post('/v1/products/thing/adjustments', {
    quantity: -(10 ** 9),
    reason: 'broken',
  }),
  'an order': post('/v1/orders', order),
  'an order refused': post('/v1/orders', {
    ...order,
    lines: [{ sku: 'thing', quantity: 10 ** 9 }],
  }),
  'a hold': post('/v1/holds', { ...moves[0], ttl: 600 }),
  'a hold refused': post('/v1/holds', { ...moves[0], amount: 10 ** 11 }),
  'a capture of a part': post(`/v1/holds/${IDS.captured}/capture`, { amount: 3 }),
  'a capture of a group': post(`/v1/holds/${IDS.group}/capture`, {}),
  'a capture refused': post(`/v1/holds/${IDS.captured}/capture`, {}),
  'a release': post(`/v1/holds/${IDS.released}/release`, {}),
  'a hold extended': post(`/v1/holds/${IDS.extended}/extend`, { ttl: 6_000 }),
  'a reversal of a part': post(`/v1/transfers/${IDS.transfer}/reversals`, { amount: 2 }),
  'a reversal refused': post(`/v1/transfers/${IDS.transfer}/reversals`, { amount: 4 }),
  'a transaction reversed': post(`/v1/transactions/${IDS.transaction}/reversals`, {}),
  'a part refused': post(`/v1/transactions/${IDS.order}/reversals`, {}),
  'an order cancelled': post(`/v1/orders/${IDS.order}/cancel`, {}),
  'a limit changed': {
    ...post('/v1/accounts/payee', { maximumBalance: 10 ** 9 }),
    method: 'PATCH',
  },
  'an account frozen': post('/v1/accounts/payee/freeze', { reason: 'a test' }),
  'an account unfrozen': post('/v1/accounts/payee/unfreeze', {}),
  'a close refused': post('/v1/accounts/payee/close', {}),
};

/** What the commands above are about, made before them. */
const prepared: readonly Sent[] = [
  post('/v1/holds', { ...moves[0], id: IDS.captured }),
  post('/v1/holds', { ...moves[0], id: IDS.released }),
  post('/v1/holds', { ...moves[0], id: IDS.extended }),
  post('/v1/holds', { transfers: moves, id: IDS.group }),
  post('/v1/transfers', { ...moves[0], id: IDS.transfer }),
  post('/v1/transactions', { transfers: moves, id: IDS.transaction }),
  post('/v1/orders', { ...order, id: IDS.order }),
];

function send({ method, path, body, headers }: Sent): Promise<Reply<AnyBody>> {
  return bank.call(method, path, body, { headers });
}

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'payer', 100_000);
  await openAccount(bank, 'payee', 100_000);
  await createProduct(bank, { sku: 'thing', price: 10, stock: 100 });
  // A movement of goods answers with the product's name and price as they are: see product-answer.ts.
  await createProduct(bank, { sku: 'never-renamed', price: 10, stock: 100 });
  for (const command of prepared) expect((await send(command)).status).toBe(201);
  for (const [what, command] of Object.entries(sent)) answers.set(what, await send(command));
  // Everything that the answers speak of goes on changing.
  const opened = String(answers.get('an opened account')?.body['id']);
  const since: readonly Sent[] = [
    post(`/v1/holds/${IDS.extended}/release`, {}),
    post(`/v1/transfers/${IDS.transfer}/reversals`, {}),
    { ...post('/v1/accounts/payee', { creditLimit: 50 }), method: 'PATCH' },
    post('/v1/transfers', { from: 'payer', to: 'payee', amount: 1 }),
    post('/v1/deposits', { account: opened, amount: 5 }),
    post('/v1/orders', {
      ...order,
      lines: [
        { sku: 'thing', quantity: 1 },
        { sku: 'made', quantity: 1 },
        { sku: 'never-renamed', quantity: 2 },
      ],
    }),
    post('/v1/products/thing/receipts', { quantity: 1 }),
    post('/v1/products/never-renamed/receipts', { quantity: 9 }),
    post('/v1/products/made/receipts', { quantity: 1 }),
    {
      ...post('/v1/products/thing', { name: 'Renamed', price: 99 }),
      method: 'PATCH',
      headers: { 'if-match': '"2"' },
    },
    {
      ...post('/v1/products/made', { name: 'Renamed', price: 99 }),
      method: 'PATCH',
      headers: { 'if-match': '"1"' },
    },
  ];
  for (const command of since) expect((await send(command)).status).toBeLessThan(300);
  return () => bank.stop();
});

describe('a command sent again, after much has changed, gets the answer that it got', () => {
  it.each(Object.keys(sent))('%s', async (what) => {
    const first = answers.get(what);
    const before = await headSeqOf(bank);
    const again = await send(sent[what]!);
    expect(again.status).toBe(first?.status);
    expect({ ...again.body, requestId: undefined }).toEqual({
      ...first?.body,
      requestId: undefined,
    });
    expect(again.headers['etag']).toBe(first?.headers['etag']);
    if (what !== 'a batch') expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await headSeqOf(bank)).toBe(before);
  });

  it('and the books are sound', async () => {
    await checkBooks(bank);
    expect(bank.complaints).toEqual([]);
  });
});
