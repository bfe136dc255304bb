import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { trialBalanceOf } from '../harness/books.ts';
import { badBodiesOf, withMember } from './bad-bodies.ts';
import { nameOf, ROUTES_WITH_BODY } from './every-route.ts';
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

describe('a malformed body', () => {
  it.each(ROUTES_WITH_BODY.map((route) => [nameOf(route), route] as const))(
    '%s is refused without a trace',
    async (_, route) => {
      await expectRefusedWithoutTrace(
        bank,
        badBodiesOf(route).map(({ what, raw, status, codes, contentType }) => ({
          what,
          method: route.method,
          path: route.path,
          options: {
            raw,
            headers: { ...route.headers, 'content-type': contentType ?? JSON_TYPE['content-type'] },
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
        headers: { ...JSON_TYPE, ...route.headers },
      });
      expect(faultOfProblem(reply, 422, ['amount_out_of_range'])).toBeUndefined();
      const after = await trialBalanceOf(bank);
      expect(after.assets).toEqual(before.assets);
      expect(after.seq).toBe(before.seq + 1);
    }
  });
});

it('leaves all as it was', async () => {
  await expectUntouched(bank);
});
