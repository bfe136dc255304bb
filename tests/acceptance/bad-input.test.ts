import { randomUUID } from 'node:crypto';
import type { NewApiKeyAnswer, Problem, Scope } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, trialBalanceOf } from '../harness/books.ts';
import type { CallOptions, Method } from '../harness/http-caller.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';
import { badBodiesOf, withMember } from './bad-bodies.ts';
import { nameOf, ROUTES, ROUTES_WITH_BODY, WORLD, type Route } from './every-route.ts';
import { faultOfProblem } from './problem-document.ts';

let bank: BankInProcess;
const keys = new Map<Scope, string>();

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, WORLD.account, 10_000);
  await openAccount(bank, WORLD.other, 10_000);
  await createProduct(bank, { sku: WORLD.sku, price: 10, stock: 50 });
  for (const scope of ['read', 'write'] as const) {
    const created = await bank.call<NewApiKeyAnswer>('POST', '/v1/api-keys', {
      name: scope,
      scope,
    });
    keys.set(scope, created.body.key);
  }
  return () => bank.stop();
});

/** A request with what it must be answered with. */
interface Attempt {
  readonly what: string;
  readonly method: Method;
  readonly path: string;
  readonly options?: CallOptions;
  readonly status: number;
  readonly codes: readonly string[];
}

/** Every attempt gets its problem document and nothing at all changes, not even the order of events. */
async function expectRefusedWithoutTrace(attempts: readonly Attempt[]): Promise<void> {
  expect(attempts.length).toBeGreaterThan(0);
  const before = await trialBalanceOf(bank);
  const faults = await Promise.all(
    attempts.map(async ({ what, method, path, options, status, codes }) => {
      const reply = await bank.call<Partial<Problem>>(method, path, undefined, options);
      const fault = faultOfProblem(reply, status, codes, [bank.adminKey]);
      return fault === undefined ? [] : [`${what}: ${fault}`];
    }),
  );
  expect(faults.flat()).toEqual([]);
  expect(await trialBalanceOf(bank)).toEqual(before);
}

const json = { 'content-type': 'application/json' };

describe('a malformed body', () => {
  it.each(ROUTES_WITH_BODY.map((route) => [nameOf(route), route] as const))(
    '%s is refused without a trace',
    async (_, route) => {
      await expectRefusedWithoutTrace(
        badBodiesOf(route).map(({ what, raw, status, codes, contentType }) => ({
          what,
          method: route.method,
          path: route.path,
          options: {
            raw,
            headers: { ...route.headers, 'content-type': contentType ?? json['content-type'] },
          },
          status,
          codes,
        })),
      );
    },
  );
});

describe('an amount above 10^12', () => {
  const cases = ROUTES_WITH_BODY.flatMap((route) =>
    (route.integers ?? [])
      .filter(({ aboveAmountMax }) => aboveAmountMax === 'core')
      .map(({ at }) => [`${nameOf(route)} ${at.join('.')}`, route, at] as const),
  );

  it.each(cases)('%s is refused, recorded and moves nothing', async (_, route, at) => {
    for (const source of ['1000000000001', '9007199254740991']) {
      const before = await trialBalanceOf(bank);
      const body = { ...route.body };
      if ('id' in body) body['id'] = randomUUID();
      const reply = await bank.call(route.method, route.path, undefined, {
        raw: withMember(body, at, source),
        headers: { ...json, ...route.headers },
      });
      expect(faultOfProblem(reply, 422, ['amount_out_of_range'])).toBeUndefined();
      const after = await trialBalanceOf(bank);
      expect(after.assets).toEqual(before.assets);
      expect(after.seq).toBe(before.seq + 1);
    }
  });
});

describe('who may not', () => {
  const withOptions = (route: Route, options: CallOptions): CallOptions => ({
    ...(route.body === undefined ? {} : { raw: JSON.stringify(route.body) }),
    ...options,
    headers: { ...(route.body === undefined ? {} : json), ...route.headers, ...options.headers },
  });

  it.each(ROUTES.map((route) => [nameOf(route), route] as const))(
    '%s wants a key of the bank',
    async (_, route) => {
      const wrong: readonly (string | string[] | null)[] = [
        null,
        '',
        'Bearer',
        'Bearer ',
        `Bearer  ${bank.adminKey}`,
        `Bearer ${bank.adminKey} more`,
        `Bearer ${bank.adminKey}x`,
        `Bearer ${bank.adminKey.slice(0, -1)}`,
        `Bearer "${bank.adminKey}"`,
        `Basic ${Buffer.from(`admin:${bank.adminKey}`).toString('base64')}`,
        bank.adminKey,
        `Bearer ${'x'.repeat(4_000)}`,
        "Bearer ' or 1=1 --",
        ['Bearer wrong', `Bearer ${bank.adminKey}`],
        `Bearer wrong, Bearer ${bank.adminKey}`,
      ];
      await expectRefusedWithoutTrace(
        wrong.map((authorization) => ({
          what: `Authorization: ${String(authorization).replaceAll(bank.adminKey, '<key>')}`,
          method: route.method,
          path: route.path,
          options: withOptions(route, {
            key: null,
            ...(authorization === null ? {} : { headers: { authorization } }),
          }),
          status: 401,
          codes: ['unauthorized'],
        })),
      );
    },
  );

  it('a key in the URL or in the body is no key', async () => {
    await expectRefusedWithoutTrace([
      {
        what: 'query',
        method: 'GET',
        path: `/v1/accounts?key=${bank.adminKey}`,
        options: { key: null },
        status: 401,
        codes: ['unauthorized'],
      },
    ]);
  });

  const narrow = ROUTES.flatMap((route) =>
    (['read', 'write'] as const)
      .filter((scope) => route.scope === 'admin' || (route.scope === 'write' && scope === 'read'))
      .map((scope) => [`${nameOf(route)} with a key for ${scope}`, route, scope] as const),
  );

  it.each(narrow)('%s is forbidden', async (what, route, scope) => {
    const key = keys.get(scope) ?? '';
    await expectRefusedWithoutTrace([
      {
        what,
        method: route.method,
        path: route.path,
        options: withOptions(route, { key }),
        status: 403,
        codes: ['forbidden'],
      },
    ]);
  });

  it('an account without limit is for admin alone', async () => {
    const raw = JSON.stringify({ id: 'no-limit', asset: 'BRL/2', creditLimit: null });
    await expectRefusedWithoutTrace([
      {
        what: 'creditLimit null',
        method: 'POST',
        path: '/v1/accounts',
        options: { raw, headers: json, key: keys.get('write') ?? '' },
        status: 403,
        codes: ['forbidden'],
      },
    ]);
  });
});

describe('what is not there', () => {
  it.each([...new Set(ROUTES.map(({ path }) => path))])('%s knows its methods', async (path) => {
    const known = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
    const wrong = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
      (method) => !known.includes(method),
    );
    await expectRefusedWithoutTrace(
      wrong.map((method) => ({
        what: `${method} ${path}`,
        method,
        path,
        // `/v1/transfers/batch` is a transfer that can't be for GET.
        status: path.endsWith('/batch') && method === 'GET' ? 400 : 405,
        codes:
          path.endsWith('/batch') && method === 'GET'
            ? ['invalid_request']
            : ['method_not_allowed'],
      })),
    );
    const [first] = wrong.filter((method) => method !== 'GET');
    const reply = await bank.call(first ?? 'PUT', path);
    expect(String(reply.headers['allow']).split(', ')).toEqual(expect.arrayContaining(known));
  });

  it('unknown paths, with and without a key', async () => {
    const paths = [
      '/v1',
      '/v1/',
      '/v2/accounts',
      '/v1/accounts/',
      '/V1/accounts',
      '//v1/accounts',
      '/v1/accounts/a/b/c',
      '/etc/passwd',
      '/.env',
      '/v1/accounts/../../etc/passwd',
      '/v1/account',
      '/v1/admin',
    ];
    const methods = ['GET', 'POST', 'DELETE'] as const;
    await expectRefusedWithoutTrace(
      paths
        .flatMap((path) =>
          methods.flatMap((method) =>
            [undefined, null].map((key) => ({
              what: `${method} ${path}`,
              method,
              path,
              options: key === null ? { key } : {},
              status: path === '/v1/accounts/' && method === 'GET' && key === null ? 401 : 404,
              codes: ['not_found', 'unauthorized'],
            })),
          ),
        )
        .filter(({ path }) => path !== '/v1/accounts/'),
    );
  });

  it('unknown ids', async () => {
    const paths = [
      '/v1/accounts/nobody',
      '/v1/accounts/nobody/entries',
      `/v1/transfers/${randomUUID()}`,
      `/v1/transactions/${randomUUID()}`,
      `/v1/orders/${randomUUID()}`,
      '/v1/products/nothing',
    ];
    await expectRefusedWithoutTrace([
      ...paths.map((path) => ({
        what: path,
        method: 'GET' as const,
        path,
        status: 404,
        codes: ['not_found'],
      })),
      {
        what: 'key',
        method: 'DELETE',
        path: '/v1/api-keys/key_none',
        status: 404,
        codes: ['not_found'],
      },
    ]);
  });
});

describe('malformed paths and queries', () => {
  const ids = [
    '..%2f..%2fetc%2fpasswd',
    'a%2fb',
    'a%20b',
    '%00',
    'a%00b',
    '%C3%A9',
    '%ED%A0%80',
    "'%20or%201=1%20--",
    '%3Cscript%3E',
    'x'.repeat(65),
    'x'.repeat(500),
    'x'.repeat(2_000),
    '%ff',
    '%',
    '%zz',
    '%E0%A4%A',
  ];

  it.each([
    '/v1/accounts/*',
    '/v1/accounts/*/entries',
    '/v1/transfers/*',
    '/v1/transactions/*',
    '/v1/orders/*',
    '/v1/products/*',
  ])('%s refuses ids that can’t be', async (pattern) => {
    await expectRefusedWithoutTrace(
      ids.map((id) => ({
        what: id.slice(0, 30),
        method: 'GET' as const,
        path: pattern.replace('*', () => id),
        status: 400,
        codes: ['invalid_request'],
      })),
    );
  });

  it('DELETE /v1/api-keys/* and GET /v1/commands/* survive any id', async () => {
    const replies = await Promise.all(
      ids.flatMap((id) => [
        bank.call('DELETE', `/v1/api-keys/${id}`),
        bank.call('GET', `/v1/commands/${id}`),
      ]),
    );
    const odd = replies.filter(
      (reply) =>
        !(reply.status === 200 && reply.body['status'] === 'unknown') &&
        faultOfProblem(reply, 404, ['not_found']) !== undefined &&
        faultOfProblem(reply, 400, ['invalid_request']) !== undefined,
    );
    expect(odd.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
  });

  it.each(['receipts', 'adjustments', ''])(
    'writing below /v1/products/*/%s refuses skus that can’t be',
    async (below) => {
      const route = ROUTES.find(
        ({ path, body }) => path.endsWith(below === '' ? WORLD.sku : below) && body !== undefined,
      );
      expect(route).toBeDefined();
      await expectRefusedWithoutTrace(
        ids.map((id) => ({
          what: id.slice(0, 30),
          method: route!.method,
          path: route!.path.replace(WORLD.sku, () => id),
          options: { raw: JSON.stringify(route!.body), headers: { ...json, ...route!.headers } },
          status: 400,
          codes: ['invalid_request'],
        })),
      );
    },
  );

  const encoded = (text: string) => Buffer.from(text).toString('base64url');
  const cursors = [
    '',
    'x',
    '!!!',
    'x'.repeat(201),
    '%00',
    encoded('a\u0000b'),
    encoded(''),
    encoded('1\n2\n3'),
    encoded('x\ny'),
    encoded('1e99\n1e99'),
    encoded('9007199254740993'),
    `${encoded('5\n1')}=`,
    "' or 1=1 --".replaceAll(' ', '%20'),
  ];
  const limits = [
    '0',
    '-1',
    '1001',
    '1.5',
    'abc',
    '',
    '1e99',
    '99999999999999999999',
    'NaN',
    '%00',
    '1&limit=2',
  ];

  it.each(ROUTES.filter(({ isList }) => isList).map((route) => [route.path]))(
    '%s refuses limits, cursors and parameters that can’t be',
    async (path) => {
      const queries = [
        ...limits.map((limit) => `limit=${limit}`),
        ...cursors
          // A text cursor is any text: a list by name begins after it.
          .filter(
            (cursor) =>
              !(
                path === '/v1/products' &&
                /^[A-Za-z0-9_-]{2,}$/.test(cursor) &&
                cursor.length < 100
              ),
          )
          .map((cursor) => `cursor=${cursor}`),
        'surprise=1',
        '__proto__=1',
        '__proto__[limit]=1',
        'limit[]=1',
        'constructor=1',
        'cursor=a&cursor=b',
      ];
      await expectRefusedWithoutTrace(
        queries.map((query) => ({
          what: query,
          method: 'GET' as const,
          path: `${path}?${query}`,
          status: 400,
          codes: ['invalid_request'],
        })),
      );
    },
  );

  it('lists survive cursors of numbers beyond every column', async () => {
    const numbers = ['-1', '0', '2147483648', '9007199254740991', '-9007199254740991'];
    const paths = ROUTES.filter(({ isList }) => isList).map(({ path }) => path);
    const replies = await Promise.all(
      paths.flatMap((path) =>
        numbers.flatMap((number) =>
          [encoded(number), encoded(`${number}\n${number}`), encoded(`5\n${number}`)].map(
            (cursor) => bank.call('GET', `${path}?cursor=${cursor}`),
          ),
        ),
      ),
    );
    expect(
      replies.filter(({ status }) => status !== 200 && status !== 400).map(({ text }) => text),
    ).toEqual([]);
  });

  it('filters that can’t be', async () => {
    const queries = [
      '/v1/transfers?account=a%2fb',
      '/v1/transfers?account=%00',
      '/v1/transfers?account=',
      '/v1/orders?customer=%00',
      '/v1/orders?status=pending',
      '/v1/orders?status=',
      '/v1/accounts?asset=%00',
      '/v1/events?after=-2',
      '/v1/events?after=x',
      '/v1/events?limit=1001',
      '/v1/events?limit=0',
      '/v1/events?after=9007199254740992',
      '/v1/events?cursor=x',
      '/v1/events?after=1.5',
    ];
    await expectRefusedWithoutTrace(
      queries.map((path) => ({
        what: path,
        method: 'GET' as const,
        path,
        status: 400,
        codes: ['invalid_request'],
      })),
    );
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
