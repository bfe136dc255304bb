import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { nameOf, ROUTES, WORLD } from './every-route.ts';
import { faultOfProblem } from './problem-document.ts';
import {
  expectRefusedWithoutTrace,
  expectUntouched,
  JSON_TYPE,
  startRefusingBank,
  type RefusingBank,
} from './refusing-bank.ts';

let bank: RefusingBank;

beforeAll(async () => {
  bank = await startRefusingBank();
  return () => bank.stop();
});

describe('what is not there', () => {
  it.each([...new Set(ROUTES.map(({ path }) => path))])('%s knows its methods', async (path) => {
    const known = [
      ...new Set(ROUTES.filter((route) => route.path === path).map(({ method }) => method)),
    ];
    // A peer may be called so.
    const isPeer = path === '/v1/peers/rotate';
    const wrong = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
      (method) => !known.includes(method) && !(isPeer && method === 'DELETE'),
    );
    await expectRefusedWithoutTrace(
      bank,
      wrong.map((method) => {
        // For GET, `/v1/transfers/batch` is a transfer that can't be, and what lies below a
        // transaction one of the bank of that name.
        const isTaken =
          method === 'GET' &&
          (path.endsWith('/batch') || /^\/v1\/transactions\/.*\/reversals$/.test(path));
        return {
          what: `${method} ${path}`,
          method,
          path,
          status: isTaken ? 400 : 405,
          codes: isTaken ? ['invalid_request'] : ['method_not_allowed'],
        };
      }),
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
      bank,
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
      '/v1/accounts/nobody/balance',
      '/v1/accounts/nobody/leases',
      `/v1/transfers/${randomUUID()}`,
      `/v1/transactions/${randomUUID()}`,
      `/v1/holds/${randomUUID()}`,
      `/v1/orders/${randomUUID()}`,
      '/v1/products/nothing',
    ];
    await expectRefusedWithoutTrace(bank, [
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
    '/v1/accounts/*/balance',
    '/v1/accounts/*/leases',
    '/v1/transfers/*',
    '/v1/transactions/*',
    '/v1/holds/*',
    '/v1/orders/*',
    '/v1/products/*',
  ])('%s refuses ids that can’t be', async (pattern) => {
    await expectRefusedWithoutTrace(
      bank,
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
        bank,
        ids.map((id) => ({
          what: id.slice(0, 30),
          method: route!.method,
          path: route!.path.replace(WORLD.sku, () => id),
          options: {
            raw: JSON.stringify(route!.body),
            headers: { ...JSON_TYPE, ...route!.headers },
          },
          status: 400,
          codes: ['invalid_request'],
        })),
      );
    },
  );

  it.each(
    ROUTES.filter(
      ({ method, path, body }) =>
        body !== undefined &&
        (path.includes(`/${WORLD.uuid}`) || path.includes(`/accounts/${WORLD.account}`)) &&
        method !== 'GET',
    ).map((route) => [nameOf(route), route] as const),
  )('%s refuses ids that can’t be', async (_, { method, path, body, headers }) => {
    await expectRefusedWithoutTrace(
      bank,
      ids.map((id) => ({
        what: id.slice(0, 30),
        method,
        path: path.replace(/(?<=\/)(?:alice|0198[-0-9a-f]+)/, () => id),
        options: { raw: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } },
        status: 400,
        codes: ['invalid_request'],
      })),
    );
  });

  it('asking for leases, renewing and releasing them refuse ids that can’t be', async () => {
    const routes = ROUTES.filter(
      ({ method, path }) => method === 'POST' && path.includes('/leases'),
    );
    expect(routes).toHaveLength(3);
    await expectRefusedWithoutTrace(
      bank,
      routes.flatMap(({ method, path, body }) =>
        [WORLD.account, WORLD.uuid]
          .filter((part) => path.includes(part))
          .flatMap((part) =>
            ids.map((id) => ({
              what: `${id.slice(0, 30)} in ${path}`,
              method,
              path: path.replace(part, () => id),
              options: body === undefined ? {} : { raw: JSON.stringify(body), headers: JSON_TYPE },
              status: 400,
              codes: ['invalid_request'],
            })),
          ),
      ),
    );
  });

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
        bank,
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
      '/v1/holds?account=a%2fb',
      '/v1/holds?account=%00',
      '/v1/holds?account=',
      '/v1/holds?state=open',
      '/v1/holds?state=',
      '/v1/accounts?asset=%00',
      '/v1/accounts?metadata.a=%00',
      '/v1/accounts?metadata.=x',
      '/v1/accounts?from=now',
      '/v1/accounts?minAmount=1',
      '/v1/transfers?metadata.a=1&metadata.a=2',
      '/v1/transfers?metadata[a]=1',
      '/v1/transfers?minAmount=-1',
      '/v1/transfers?minAmount=2&maxAmount=1',
      '/v1/transfers?to=2016-12-31T23:59:60Z',
      '/v1/accounts/alice/balance?atSeq=-1',
      '/v1/accounts/alice/balance?atSeq=x',
      '/v1/accounts/alice/balance?atSeq=1.5',
      '/v1/accounts/alice/balance?atSeq=9007199254740992',
      '/v1/accounts/alice/balance?at=yesterday',
      '/v1/accounts/alice/balance?at=2026-01-01',
      '/v1/accounts/alice/balance?at=2026-01-01T00:00:00Z&atSeq=1',
      '/v1/accounts/alice/balance?surprise=1',
      '/v1/trial-balance?atSeq=-1',
      '/v1/trial-balance?atSeq=1&atSeq=2',
      '/v1/trial-balance?at=2026-01-01T00:00:00Z',
      '/v1/events?after=-2',
      '/v1/events?after=x',
      '/v1/events?limit=1001',
      '/v1/events?limit=0',
      '/v1/events?after=9007199254740992',
      '/v1/events?cursor=x',
      '/v1/events?after=1.5',
    ];
    await expectRefusedWithoutTrace(
      bank,
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

it('leaves all as it was', async () => {
  await expectUntouched(bank);
});
