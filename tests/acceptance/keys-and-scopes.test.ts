import { beforeAll, describe, it } from 'vitest';
import type { CallOptions } from '../harness/http-caller.ts';
import { nameOf, ROUTES, type Route } from './every-route.ts';
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

describe('who may not', () => {
  const withOptions = (route: Route, options: CallOptions): CallOptions => ({
    ...(route.body === undefined ? {} : { raw: JSON.stringify(route.body) }),
    ...options,
    headers: {
      ...(route.body === undefined ? {} : JSON_TYPE),
      ...route.headers,
      ...options.headers,
    },
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
        bank,
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
    await expectRefusedWithoutTrace(bank, [
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
    const key = bank.keys[scope];
    await expectRefusedWithoutTrace(bank, [
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
    await expectRefusedWithoutTrace(bank, [
      {
        what: 'creditLimit null',
        method: 'POST',
        path: '/v1/accounts',
        options: { raw, headers: JSON_TYPE, key: bank.keys.write },
        status: 403,
        codes: ['forbidden'],
      },
    ]);
  });
});

it('leaves all as it was', async () => {
  await expectUntouched(bank);
});
