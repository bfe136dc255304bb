import { randomUUID } from 'node:crypto';
import type { BatchAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, headSeqOf } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess({ bank: 'alfa' });
  await openAccount(bank, 'ana', 1_000);
  await openAccount(bank, 'bia', 1_000);
  await openAccount(bank, 'loja');
  await createProduct(bank, { sku: 'mug', price: 10, stock: 5 });
  return () => bank.stop();
});

const consent = randomUUID();
const out = { from: 'ana', to: 'beta/bruno', amount: 5 };
const back = { from: 'beta/bruno', consent, to: 'ana', amount: 5 };
const here = { from: 'ana', to: 'bia', amount: 5 };

describe('a bank without a consortium', () => {
  const bodies: readonly (readonly [string, AnyBody])[] = [
    ['/v1/transfers', out],
    ['/v1/transfers', back],
    ['/v1/transfers', { ...out, from: 'beta/x', to: 'gama/y', consent, asset: 'BRL/2' }],
    ['/v1/transfers', { ...out, onUnavailable: 'queue', within: 86_400 }],
    ['/v1/transactions', { transfers: [here, out] }],
    [
      '/v1/orders',
      { customer: 'beta/bruno', consent, merchant: 'loja', lines: [{ sku: 'mug', quantity: 1 }] },
    ],
  ];

  it.each(bodies)('reaches no account of another bank: %s %j', async (path, body) => {
    const before = await headSeqOf(bank);
    const reply = await bank.call('POST', path, body);
    expect([reply.status, endOf(reply)]).toEqual([422, 'no_consortium']);
    expect(await headSeqOf(bank)).toBe(before);
  });

  it('settles the other lines of a batch', async () => {
    const transfers = [out, here, back];
    const { status, body } = await bank.call<BatchAnswer>('POST', '/v1/transfers/batch', {
      transfers,
    });
    expect(status).toBe(200);
    expect(body.results.map(({ status: posted, code }) => code ?? posted)).toEqual([
      'no_consortium',
      'posted',
      'no_consortium',
    ]);
  });
});

describe('an account that is named with its own bank', () => {
  it('is an account of this bank', async () => {
    const [ana, bia] = [await balanceOf(bank, 'ana'), await balanceOf(bank, 'bia')];
    const single = { ...here, from: 'alfa/ana', amount: 1 };
    const both = [{ ...here, to: 'alfa/bia', amount: 2 }];
    const order = { customer: 'alfa/ana', merchant: 'loja', lines: [{ sku: 'mug', quantity: 1 }] };
    for (const [path, body] of [
      ['/v1/transfers', single],
      ['/v1/transactions', { transfers: both }],
      ['/v1/orders', order],
    ] as const) {
      const reply = await bank.call('POST', path, body);
      expect(reply.status, reply.text).toBe(201);
    }
    const { body } = await bank.call('POST', '/v1/transfers/batch', { transfers: both });
    expect(body).toEqual({ results: [{ id: expect.any(String), status: 'posted' }] });
    expect(await balanceOf(bank, 'ana')).toBe(ana - 15n);
    expect(await balanceOf(bank, 'bia')).toBe(bia + 5n);
  });

  it('may come with the patience that another bank’s would need', async () => {
    const reply = await bank.call('POST', '/v1/transfers', { ...here, onUnavailable: 'queue' });
    expect(reply.status, reply.text).toBe(201);
  });
});

describe('what no transfer can be', () => {
  const soon = () => new Date(Date.now() + 10_000).toISOString();
  const singles: readonly (readonly [string, AnyBody])[] = [
    ['/consent', { ...out, consent }],
    ['/consent', { ...back, consent: undefined }],
    ['/consent', { ...here, consent }],
    ['/asset', { ...here, asset: 'BRL/2' }],
    ['/asset', { from: 'beta/x', to: 'gama/y', consent, amount: 5 }],
    ['/metadata', { ...out, metadata: { note: 'x' } }],
    ['/ifVersion', { ...out, ifVersion: 1 }],
    ['/ifBalanceAtLeast', { ...out, ifBalanceAtLeast: 0 }],
    ['/within', { ...out, within: 31 }],
    ['/within', { ...out, onUnavailable: 'queue', within: 86_401 }],
    ['/deadline', { ...out, within: 5, deadline: soon() }],
    ['/deadline', { ...out, deadline: '2999-01-01T00:00:00Z' }],
    ['/deadline', { ...out, deadline: '2026-12-31T23:59:60Z' }],
    ['/onUnavailable', { ...out, onUnavailable: 'wait' }],
    ['/to', { ...out, to: 'Beta/bruno' }],
    ['/to', { ...out, to: 'b/bruno' }],
    ['/to', { ...out, to: 'beta/' }],
    ['/to', { ...out, to: '/bruno' }],
    ['/to', { ...out, to: 'beta/bruno/x' }],
    ['/to', { ...out, to: `beta/${'x'.repeat(65)}` }],
    ['/from', { ...back, from: 'beta/br uno' }],
  ];

  it.each(singles)('%s of %j', async (pointer, body) => {
    await expectMalformed('/v1/transfers', body, pointer);
    const line = await bank.call('POST', '/v1/transfers/batch', { transfers: [here, body] });
    expect([line.status, pointersOf(line.body)[0]]).toEqual([400, `/transfers/1${pointer}`]);
  });

  const several: readonly (readonly [string, readonly AnyBody[]])[] = [
    ['/transfers/1/id', [here, { ...out, id: randomUUID() }]],
    ['/transfers/0/metadata', [{ ...here, metadata: { note: 'x' } }, out]],
    ['/transfers/0/consent', [{ ...here, consent }, out]],
    ['/transfers/1/within', [out, { ...out, within: 5 }]],
  ];

  it.each(several)('%s of several: %j', async (pointer, transfers) => {
    await expectMalformed('/v1/transactions', { transfers }, pointer);
  });

  it('an order whose customer pays from another bank without its consent, or here with one', async () => {
    const order = { merchant: 'loja', lines: [{ sku: 'mug', quantity: 1 }] };
    await expectMalformed('/v1/orders', { ...order, customer: 'beta/bruno' }, '/consent');
    await expectMalformed('/v1/orders', { ...order, customer: 'ana', consent }, '/consent');
    const foreign = { ...order, customer: 'ana', merchant: 'beta/loja' };
    await expectMalformed('/v1/orders', foreign, '/merchant');
  });

  it('a hold or a deposit in another bank', async () => {
    await expectMalformed('/v1/holds', out, '/to');
    await expectMalformed('/v1/deposits', { account: 'beta/bruno', amount: 5 }, '/account');
  });
});

describe('transactions across banks', () => {
  it('there are none: neither in the list nor by an id, written as one part or as two', async () => {
    const list = await bank.call('GET', '/v1/transactions?state=prepared&olderThan=0');
    expect([list.status, list.body]).toEqual([200, { data: [], next: null }]);
    const id = randomUUID();
    for (const path of [`alfa/${id}`, `alfa%2F${id}`, `beta%2f${id}`]) {
      const reply = await bank.call('GET', `/v1/transactions/${path}`);
      expect([path, reply.status, endOf(reply)]).toEqual([path, 404, 'not_found']);
    }
    for (const path of [`Alfa/${id}`, `alfa%2F${id}x`, `alfa%2F`, `alfa/x`, `a%2F${id}`]) {
      const reply = await bank.call('GET', `/v1/transactions/${path}`);
      expect([path, reply.status, endOf(reply)]).toEqual([path, 400, 'invalid_request']);
    }
  });

  it('are asked for with what the list knows', async () => {
    for (const query of [
      'state=posted',
      'olderThan=-1',
      'olderThan=1.5',
      'younger=1',
      'cursor=x',
    ]) {
      const reply = await bank.call('GET', `/v1/transactions?${query}`);
      expect([query, endOf(reply)]).toEqual([query, 'invalid_request']);
    }
  });
});

it('leaves sound books and nothing to complain about', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});

async function expectMalformed(path: string, body: AnyBody, pointer: string): Promise<void> {
  const before = await headSeqOf(bank);
  const reply = await bank.call('POST', path, body);
  expect([reply.status, pointersOf(reply.body)[0]], reply.text).toEqual([400, pointer]);
  expect(await headSeqOf(bank)).toBe(before);
}

function pointersOf({ errors }: AnyBody): unknown[] {
  return Array.isArray(errors) ? errors.map((each: { pointer: unknown }) => each.pointer) : [];
}
