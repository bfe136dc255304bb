import { randomUUID } from 'node:crypto';
import type { EventAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, headSeqOf } from '../harness/books.ts';
import type { AnyBody, Reply } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount, openAccounts } from '../harness/seeding.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccounts(bank, 'acc', 60, 1_000);
  for (const sku of ['b', 'a', 'C', 'z:1', 'd'])
    await createProduct(bank, { sku, price: 1, stock: 100_000 });
  await atOnce(80, (index) => transfer(index));
  await atOnce(60, (index) => order(index));
  return () => bank.stop();
});

const transfer = (index: number) =>
  bank.call('POST', '/v1/transfers', {
    from: `acc-${index % 7}`,
    to: `acc-${7 + (index % 5)}`,
    amount: 1,
  });

const order = (index: number) =>
  bank.call('POST', '/v1/orders', {
    customer: `acc-${index % 7}`,
    merchant: 'acc-20',
    lines: [{ sku: index % 3 === 0 ? 'nothing' : 'a', quantity: 1 }],
  });

interface EventPage {
  readonly data: readonly EventAnswer[];
  readonly next: number;
}

interface PageBody {
  readonly data: readonly AnyBody[];
  readonly next: string | null;
}

/** All pages of a list; `between` runs before each further page. */
async function walk(
  path: string,
  limit: number,
  between?: () => Promise<unknown>,
): Promise<AnyBody[]> {
  const found: AnyBody[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: Reply<PageBody> = await bank.call('GET', `${path}${query}`);
    expect(page.status, page.text).toBe(200);
    expect(page.body.data.length).toBeLessThanOrEqual(limit);
    found.push(...page.body.data);
    cursor = page.body.next;
    if (cursor !== null) {
      expect(page.body.data).toHaveLength(limit);
      await between?.();
    }
  } while (cursor !== null);
  return found;
}

const lists: readonly [string, string, () => Promise<unknown>][] = [
  ['/v1/accounts', 'id', () => bank.call('POST', '/v1/accounts', { asset: 'BRL/2' })],
  ['/v1/accounts?asset=BRL/2', 'id', () => bank.call('POST', '/v1/accounts', { asset: 'BRL/2' })],
  ['/v1/transfers', 'id', () => transfer(3)],
  ['/v1/transfers?account=acc-7', 'id', () => transfer(0)],
  ['/v1/accounts/acc-0/entries', 'transferId', () => transfer(0)],
  ['/v1/orders', 'id', () => order(1)],
  ['/v1/orders?status=refused', 'id', () => order(0)],
  ['/v1/orders?customer=acc-1&status=completed', 'id', () => order(1)],
];

describe('a list', () => {
  it.each(lists)(
    '%s gives each item once, newest first, while the bank writes on',
    async (path, key, write) => {
      const whole = await walk(path, 1_000);
      expect(whole.length).toBeGreaterThan(5);
      const ids = whole.map((item) => item[key]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const limit of [11, 50]) {
        const now = (await walk(path, 1_000)).map((item) => item[key]);
        expect((await walk(path, limit, write)).map((item) => item[key])).toEqual(now);
      }
      const times = whole.map((item) => String(item['at'] ?? item['createdAt']));
      expect(times).toEqual(times.toSorted().toReversed());
    },
  );

  it('has pages of 50 unless asked otherwise', async () => {
    for (const path of ['/v1/accounts', '/v1/transfers', '/v1/events']) {
      const page = await bank.call<PageBody>('GET', path);
      expect(page.body.data).toHaveLength(50);
    }
    const most = await bank.call<PageBody>('GET', '/v1/transfers?limit=1000');
    expect(most.body.next).toBeNull();
  });

  it('of products is in the order of their skus', async () => {
    const walked = await walk('/v1/products', 2, () =>
      createProduct(bank, { sku: `0-before-all-${randomUUID().slice(0, 8)}`, price: 1, stock: 0 }),
    );
    expect(walked.map(({ sku }) => sku)).toEqual(['C', 'a', 'b', 'd', 'z:1']);
  });

  it('of a filter that finds nothing is empty', async () => {
    await openAccount(bank, 'lonely');
    for (const path of [
      '/v1/accounts?asset=EUR/2',
      '/v1/transfers?account=lonely',
      '/v1/transfers?account=nobody',
      '/v1/accounts/lonely/entries',
      '/v1/orders?customer=lonely',
    ]) {
      const page = await bank.call('GET', path);
      expect([path, page.status, page.body]).toEqual([path, 200, { data: [], next: null }]);
    }
  });

  it('holds what was acknowledged, at once', async () => {
    for (let index = 0; index < 20; index += 1) {
      const posted = await transfer(index);
      const page = await bank.call<PageBody>('GET', '/v1/transfers?limit=1');
      expect(page.body.data).toEqual([posted.body]);
    }
  });
});

describe('events', () => {
  async function read(query: string): Promise<EventPage> {
    const reply = await bank.call<EventPage>('GET', `/v1/events${query}`);
    expect(reply.status, reply.text).toBe(200);
    return reply.body;
  }

  it('are numbered from the bank’s opening without a gap, each once, in pages of any size', async () => {
    const head = await headSeqOf(bank);
    for (const limit of [7, 100, 1_000]) {
      const seqs: number[] = [];
      let after = -1;
      for (;;) {
        const page = await read(`?after=${after}&limit=${limit}`);
        if (page.data.length === 0) break;
        seqs.push(...page.data.map(({ seq }) => seq));
        expect(page.next).toBe(page.data.at(-1)?.seq);
        after = page.next;
      }
      expect(seqs).toEqual(Array.from({ length: head + 1 }, (_, seq) => seq));
      expect((await read(`?after=${after}&limit=${limit}`)).next).toBe(after);
    }
  });

  it('say what happened', async () => {
    const [opened] = (await read('?limit=1')).data;
    expect(opened).toEqual({
      seq: 0,
      block: 0,
      type: 'bank.opened',
      at: expect.stringMatching(TIME),
      data: { bank: 'test', version: 1 },
    });
    const after = await headSeqOf(bank);
    const posted = await transfer(1);
    const refused = await bank.call('POST', '/v1/transfers', {
      from: 'acc-1',
      to: 'acc-2',
      amount: 10 ** 12,
    });
    expect(refused.status).toBe(422);
    const placed = await order(1);
    const { data } = await read(`?after=${after}`);
    expect(data.map(({ type, seq }) => [seq, type])).toEqual([
      [after + 1, 'transfer.posted'],
      [after + 2, 'command.refused'],
      [after + 3, 'order.completed'],
    ]);
    expect(data[0]).toMatchObject({
      at: posted.body['at'],
      data: { id: posted.body['id'], from: 'acc-1', amount: 1 },
    });
    expect(data[1]?.data).toMatchObject({ code: 'insufficient_funds', account: 'acc-1' });
    expect(data[2]?.data).toMatchObject({ id: placed.body['id'], total: 1 });
  });

  it('after the newest there is none yet', async () => {
    const head = await headSeqOf(bank);
    expect(await read(`?after=${head}`)).toEqual({ data: [], next: head });
    expect(await read(`?after=${head + 1_000}`)).toEqual({ data: [], next: head + 1_000 });
  });
});

describe('commands', () => {
  it('tell what became of them, and where it is', async () => {
    const id = randomUUID();
    expect((await bank.call('GET', `/v1/commands/${id}`)).body).toEqual({ id, status: 'unknown' });
    await bank.call('POST', '/v1/transfers', { id, from: 'acc-1', to: 'acc-2', amount: 1 });
    const transferred = await bank.call('GET', `/v1/commands/${id}`);
    expect(transferred.body).toEqual({ id, status: 'accepted', resource: `/v1/transfers/${id}` });

    const headers = { 'idempotency-key': 'places an order'.replaceAll(' ', '/') };
    const placed = await bank.call(
      'POST',
      '/v1/orders',
      { customer: 'acc-1', merchant: 'acc-2', lines: [{ sku: 'nothing', quantity: 1 }] },
      { headers },
    );
    expect(placed.status).toBe(422);
    const path = `/v1/commands/${encodeURIComponent(headers['idempotency-key'])}`;
    expect((await bank.call('GET', path)).body).toMatchObject({
      status: 'refused',
      code: 'product_not_found',
    });
  });

  it('are seen by the key that sent them alone', async () => {
    const created = await bank.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'curious',
      scope: 'admin',
    });
    const id = randomUUID();
    await bank.call('POST', '/v1/transfers', { id, from: 'acc-1', to: 'acc-2', amount: 1 });
    const seen = await bank.call('GET', `/v1/commands/${id}`, undefined, { key: created.body.key });
    expect(seen.body).toEqual({ id, status: 'unknown' });
  });

  it.each([
    [
      '/v1/accounts',
      { id: 'made-by:command', asset: 'BRL/2' },
      'made-by:command',
      '/v1/accounts/made-by%3Acommand',
    ],
    [
      '/v1/transactions',
      { id: 'ID', transfers: [{ from: 'acc-1', to: 'acc-2', amount: 1 }] },
      'ID',
      '/v1/transactions/ID',
    ],
    [
      '/v1/orders',
      { id: 'ID', customer: 'acc-1', merchant: 'acc-2', lines: [{ sku: 'a', quantity: 1 }] },
      'ID',
      '/v1/orders/ID',
    ],
    ['/v1/deposits', { id: 'ID', account: 'acc-1', amount: 1 }, 'ID', '/v1/transfers/ID'],
    ['/v1/products/z%3A1/receipts', { id: 'ID', quantity: 1 }, 'ID', '/v1/products/z%3A1'],
  ])('of %s name a resource that answers', async (path, body, command, resource) => {
    const id = randomUUID();
    const sent = await bank.call('POST', path, {
      ...body,
      ...('id' in body && body.id === 'ID' ? { id } : {}),
    });
    expect(sent.status, sent.text).toBe(201);
    const asked = await bank.call(
      'GET',
      `/v1/commands/${encodeURIComponent(command.replace('ID', id))}`,
    );
    expect(asked.body).toMatchObject({ status: 'accepted', resource: resource.replace('ID', id) });
    expect((await bank.call('GET', String(asked.body['resource']))).status).toBe(200);
  });
});

describe('what needs no key', () => {
  it('probes, the front page, the errors and the OpenAPI document answer', async () => {
    for (const path of ['/livez', '/readyz']) {
      const reply = await bank.call('GET', path, undefined, { key: null });
      expect([path, reply.status, reply.body]).toEqual([path, 200, { status: 'ok' }]);
    }
    for (const path of ['/', '/errors']) {
      const reply = await bank.call('GET', path, undefined, { key: null });
      expect([path, reply.status]).toEqual([path, 200]);
      expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    }
    const document = await bank.call<{ openapi: string; paths: Record<string, unknown> }>(
      'GET',
      '/openapi.json',
      undefined,
      { key: null },
    );
    expect(document.body.openapi).toBe('3.1.0');
    expect(Object.keys(document.body.paths)).toEqual(
      expect.arrayContaining(['/v1/transfers', '/v1/orders/{id}', '/v1/products/{sku}/receipts']),
    );
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
