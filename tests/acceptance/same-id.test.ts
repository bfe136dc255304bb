import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { balanceOf, checkBooks, headSeqOf, productOf } from '../harness/books.ts';
import { endOf, type AnyBody, type Method, type Reply } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount, tally } from '../harness/seeding.ts';

const CLIENTS = 50;

let bank: BankInProcess;
let sibling: BankProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  sibling = await startBankProcess({ databaseUrl: bank.databaseUrl, adminKey: bank.adminKey });
  await openAccount(bank, 'payer', 1_000_000);
  await openAccount(bank, 'payee');
  await createProduct(bank, { sku: 'thing', price: 10, stock: 10_000 });
  return async () => {
    await sibling.stop();
    await bank.stop();
  };
});

interface Wanted {
  readonly method?: Method;
  readonly path: string;
  readonly body: AnyBody;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(where: Pick<BankInProcess, 'call'>, wanted: Wanted): Promise<Reply<AnyBody>> {
  const { method = 'POST', path, body, headers = {} } = wanted;
  return where.call(method, path, body, { headers });
}

/** One effect, equal answers, each with the same status; the answer. */
function expectOneAnswer(replies: readonly Reply<AnyBody>[]): Reply<AnyBody> {
  const [first] = replies;
  expect(tally(replies.map(({ status }) => String(status)))).toEqual({
    [String(first?.status)]: replies.length,
  });
  for (const reply of replies) expect(withoutRequest(reply)).toEqual(withoutRequest(first!));
  return first!;
}

/** A problem names the request that it answers: all else is of the outcome. */
function withoutRequest({ body }: Reply<AnyBody>): AnyBody {
  return { ...body, requestId: undefined };
}

const keyed = (key: string) => ({ 'idempotency-key': key });

/** Every kind of command, each under an id of its own. */
const commands: readonly [string, () => Wanted][] = [
  [
    'opening an account',
    () => ({ path: '/v1/accounts', body: { id: `acc-${randomUUID()}`, asset: 'BRL/2' } }),
  ],
  [
    'opening an account without id, by key',
    () => ({ path: '/v1/accounts', body: { asset: 'BRL/2' }, headers: keyed(randomUUID()) }),
  ],
  [
    'a deposit',
    () => ({ path: '/v1/deposits', body: { id: randomUUID(), account: 'payer', amount: 5 } }),
  ],
  [
    'a withdrawal',
    () => ({ path: '/v1/withdrawals', body: { id: randomUUID(), account: 'payer', amount: 5 } }),
  ],
  [
    'a transfer',
    () => ({
      path: '/v1/transfers',
      body: { id: randomUUID(), from: 'payer', to: 'payee', amount: 3 },
    }),
  ],
  [
    'a transfer without id, by key',
    () => ({
      path: '/v1/transfers',
      body: { from: 'payer', to: 'payee', amount: 3 },
      headers: keyed(`key-${randomUUID()}`),
    }),
  ],
  [
    'a refused transfer',
    () => ({
      path: '/v1/transfers',
      body: { id: randomUUID(), from: 'payee', to: 'payer', amount: 10 ** 12 },
    }),
  ],
  [
    'a transaction',
    () => ({
      path: '/v1/transactions',
      body: {
        id: randomUUID(),
        transfers: [
          { from: 'payer', to: 'payee', amount: 3 },
          { from: 'payee', to: 'payer', amount: 2 },
        ],
      },
    }),
  ],
  [
    'an order',
    () => ({
      path: '/v1/orders',
      body: {
        id: randomUUID(),
        customer: 'payer',
        merchant: 'payee',
        lines: [{ sku: 'thing', quantity: 2 }],
      },
    }),
  ],
  [
    'a refused order',
    () => ({
      path: '/v1/orders',
      body: {
        id: randomUUID(),
        customer: 'payer',
        merchant: 'payee',
        lines: [{ sku: 'thing', quantity: 10 ** 6 }],
      },
    }),
  ],
  [
    'a new product',
    () => ({
      path: '/v1/products',
      body: { sku: `p-${randomUUID()}`, name: 'New', price: 1, asset: 'BRL/2', stock: 4 },
      headers: keyed(randomUUID()),
    }),
  ],
  [
    'goods received',
    () => ({ path: '/v1/products/thing/receipts', body: { id: randomUUID(), quantity: 4 } }),
  ],
  [
    'goods written off',
    () => ({
      path: '/v1/products/thing/adjustments',
      body: { id: randomUUID(), quantity: -4, reason: 'broken' },
    }),
  ],
];

describe('the same id', () => {
  it.each(commands)(
    'from 50 clients at once has one effect and one answer: %s',
    async (_, make) => {
      const wanted = make();
      const before = await headSeqOf(bank);
      const replies = await atOnce(CLIENTS, () => send(bank, wanted));
      expectOneAnswer(replies);
      expect(await headSeqOf(bank)).toBe(before + 1);
    },
  );

  it.each(commands)(
    'from 50 clients of two processes has one effect and one answer: %s',
    async (_, make) => {
      const wanted = make();
      const before = await headSeqOf(bank);
      const replies = await atOnce(CLIENTS, (index) =>
        send(index % 2 === 0 ? bank : sibling, wanted),
      );
      expectOneAnswer(replies);
      expect(await headSeqOf(bank)).toBe(before + 1);
    },
  );

  it.each(commands)('with another body is refused with id_reused: %s', async (_, make) => {
    const wanted = make();
    await send(bank, wanted);
    const before = await headSeqOf(bank);
    const changed = { ...wanted, body: changedBody(wanted.body) };
    for (const server of [bank, sibling]) {
      const reply = await send(server, changed);
      expect([reply.status, reply.body['code']], reply.text).toEqual([422, 'id_reused']);
    }
    expect(await headSeqOf(bank)).toBe(before);
  });
});

/** The same command with one thing else in it. */
function changedBody(body: AnyBody): AnyBody {
  for (const name of ['amount', 'quantity', 'price'] as const) {
    const value = body[name];
    if (typeof value === 'number') return { ...body, [name]: value + 1 };
  }
  if (Array.isArray(body['lines'])) return { ...body, lines: [{ sku: 'thing', quantity: 1 }] };
  if (Array.isArray(body['transfers'])) {
    return { ...body, transfers: [{ from: 'payer', to: 'payee', amount: 1 }] };
  }
  return { ...body, metadata: { changed: 'yes' } };
}

describe('whose id it is', () => {
  it('an id of another principal is taken and tells nothing else', async () => {
    const created = await bank.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'other',
      scope: 'write',
    });
    const { key } = created.body;
    const id = randomUUID();
    const body = { id, from: 'payer', to: 'payee', amount: 3 };
    expect((await bank.call('POST', '/v1/transfers', body)).status).toBe(201);
    const balance = await balanceOf(bank, 'payee');

    const taken = await bank.call('POST', '/v1/transfers', body, { key });
    expect([taken.status, taken.body['code']]).toEqual([422, 'id_taken']);
    expect(taken.text).not.toContain('payer');
    const order = {
      id,
      customer: 'payer',
      merchant: 'payee',
      lines: [{ sku: 'thing', quantity: 1 }],
    };
    const again = await bank.call('POST', '/v1/transfers', body, { key });
    expect(again.body['code']).toBe('id_taken');
    const other = await bank.call('POST', '/v1/orders', order, { key });
    expect(other.body['code']).toBe('id_reused');
    expect(await balanceOf(bank, 'payee')).toBe(balance);
  });

  it('two principals may use the same Idempotency-Key', async () => {
    const created = await bank.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'second',
      scope: 'write',
    });
    const headers = keyed('the-same-key-for-both');
    const body = { from: 'payer', to: 'payee', amount: 3 };
    const one = await bank.call('POST', '/v1/transfers', body, { headers });
    const other = await bank.call('POST', '/v1/transfers', body, {
      headers,
      key: created.body.key,
    });
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body['id']).not.toBe(other.body['id']);
  });

  it('a race for one public id between two principals has one winner', async () => {
    const created = await bank.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'racer',
      scope: 'write',
    });
    await eventualKey(created.body.key);
    const body = { id: randomUUID(), from: 'payer', to: 'payee', amount: 1 };
    const before = await balanceOf(bank, 'payee');
    const replies = await atOnce(CLIENTS, (index) =>
      (index % 2 === 0 ? bank : sibling).call('POST', '/v1/transfers', body, {
        key: index % 4 < 2 ? bank.adminKey : created.body.key,
      }),
    );
    const ends = tally(replies.map(endOf));
    expect(Object.keys(ends).toSorted()).toEqual(['201', 'id_taken']);
    expect(await balanceOf(bank, 'payee')).toBe(before + 1n);
  });
});

/** Both processes know the key once they have answered with it. */
async function eventualKey(key: string): Promise<void> {
  for (const server of [bank, sibling]) {
    expect((await server.call('GET', '/v1/accounts/payer', undefined, { key })).status).toBe(200);
  }
}

describe('the Idempotency-Key', () => {
  const body = { from: 'payer', to: 'payee', amount: 2 };

  it('is the same bare and in quotes', async () => {
    const key = randomUUID();
    const before = await balanceOf(bank, 'payee');
    const forms = [key, `"${key}"`];
    const replies = await atOnce(CLIENTS, (index) =>
      send(bank, { path: '/v1/transfers', body, headers: keyed(forms[index % 2] ?? key) }),
    );
    expectOneAnswer(replies);
    expect(await balanceOf(bank, 'payee')).toBe(before + 2n);
  });

  it('gives way to the id in the body', async () => {
    const key = randomUUID();
    const [one, other] = await Promise.all(
      [randomUUID(), randomUUID()].map((id) =>
        send(bank, { path: '/v1/transfers', body: { ...body, id }, headers: keyed(key) }),
      ),
    );
    expect([one?.status, other?.status]).toEqual([201, 201]);
    expect(one?.body['id']).not.toBe(other?.body['id']);
  });

  it.each([
    ['1234567'],
    ['x'.repeat(256)],
    ['with blank'],
    ['"half-quoted'],
    ['quo"te-inside'],
    ['back\\slash-in'],
    ['""'],
    ['ünïcödé-key'],
  ])('is refused when malformed: %s', async (key) => {
    const before = await headSeqOf(bank);
    const encoded = Buffer.from(key, 'utf8').toString('latin1');
    const reply = await send(bank, { path: '/v1/transfers', body, headers: keyed(encoded) });
    expect([reply.status, reply.body['code']]).toEqual([400, 'invalid_id']);
    expect(await headSeqOf(bank)).toBe(before);
  });

  it.each([
    ['12345678'],
    ['x'.repeat(255)],
    [`"${'y'.repeat(255)}"`],
    ["!#$%&'()*+,-./:;<=>?@[]^_`{|}~"],
  ])('is taken at its bounds: %s', async (key) => {
    const first = await send(bank, { path: '/v1/transfers', body, headers: keyed(key) });
    expect(first.status, first.text).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const second = await send(bank, { path: '/v1/transfers', body, headers: keyed(key) });
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('covers the route', async () => {
    const key = randomUUID();
    const cash = { account: 'payer', amount: 2 };
    const deposited = await send(bank, { path: '/v1/deposits', body: cash, headers: keyed(key) });
    expect(deposited.status).toBe(201);
    const withdrawn = await send(bank, {
      path: '/v1/withdrawals',
      body: cash,
      headers: keyed(key),
    });
    expect([withdrawn.status, withdrawn.body['code']]).toEqual([422, 'id_reused']);
  });

  it('does not mind the order of members', async () => {
    const key = randomUUID();
    const first = await send(bank, { path: '/v1/transfers', body, headers: keyed(key) });
    const second = await bank.call('POST', '/v1/transfers', undefined, {
      raw: ' { "amount" : 2, "to":"payee",\n"from":"payer" } ',
      headers: { ...keyed(key), 'content-type': 'application/json' },
    });
    expect(second.body).toEqual(first.body);
  });
});

it('leaves sound books', async () => {
  await checkBooks(bank);
  await checkBooks(sibling);
  expect((await productOf(bank, 'thing')).reserved).toBe(0);
  expect(sibling.log).not.toContain('"level":50');
});
