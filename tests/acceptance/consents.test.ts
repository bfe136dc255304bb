import { randomUUID } from 'node:crypto';
import type { ConsentAnswer, ConsentList } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, headSeqOf } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  for (const id of ['ana', 'bia', 'closed']) await openAccount(bank, id);
  await bank.call('POST', '/v1/accounts/closed/close');
  return () => bank.stop();
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

function wanted(changes: AnyBody = {}) {
  const given = { account: 'ana', bank: 'beta', amount: 500, uses: 'once' };
  return { id: randomUUID(), ...given, expiresAt: inSeconds(3_600), ...changes };
}

describe('a consent', () => {
  it('is read as it was given', async () => {
    const body = wanted({ uses: 'total' });
    const given = await bank.call<ConsentAnswer>('POST', '/v1/consents', body);
    expect([given.status, given.body]).toEqual([
      201,
      {
        ...body,
        remaining: 500,
        state: 'standing',
        seq: await headSeqOf(bank),
        at: expect.any(String),
      },
    ]);
    const read = await bank.call('GET', `/v1/consents/${body.id}`);
    expect([read.status, read.body]).toEqual([200, given.body]);
    const { body: command } = await bank.call('GET', `/v1/commands/${body.id}`);
    expect(command['resource']).toBe(`/v1/consents/${body.id}`);
  });

  it('gets the same answer under the same id, and no other body', async () => {
    const body = wanted();
    const first = await bank.call('POST', '/v1/consents', body);
    const again = await bank.call('POST', '/v1/consents', body);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await bank.call('POST', '/v1/consents', { ...body, amount: 501 });
    expect([other.status, endOf(other)]).toEqual([422, 'id_reused']);
  });

  it('is taken back once, and says so again', async () => {
    const { id } = wanted();
    await bank.call('POST', '/v1/consents', wanted({ id }));
    const headers = { 'idempotency-key': `revoke-${id}` };
    const path = `/v1/consents/${id}`;
    const revoked = await bank.call('DELETE', path, undefined, { headers });
    expect([revoked.status, revoked.body['state']]).toEqual([200, 'revoked']);
    const same = await bank.call('DELETE', path, undefined, { headers });
    expect([same.status, same.body]).toEqual([200, revoked.body]);
    expect(same.headers['idempotency-replayed']).toBe('true');
    const another = await bank.call('DELETE', path);
    expect([another.status, another.body]).toEqual([200, revoked.body]);
    expect((await bank.call('GET', path)).body).toEqual(revoked.body);
  });

  it('can’t be what nobody could use, or for an account that isn’t the client’s', async () => {
    for (const [changes, status, code] of [
      [{ account: 'nobody' }, 422, 'account_not_found'],
      [{ account: 'cash:BRL' }, 422, 'system_account'],
      [{ account: 'closed' }, 422, 'account_closed'],
      [{ expiresAt: inSeconds(-1) }, 422, 'expiry_out_of_range'],
      [{ expiresAt: inSeconds(367 * 86_400) }, 422, 'expiry_out_of_range'],
      [{ expiresAt: '2026-12-31T23:59:60Z' }, 400, 'invalid_request'],
      [{ uses: 'twice' }, 400, 'invalid_request'],
      [{ bank: 'Beta' }, 400, 'invalid_request'],
      [{ amount: 1_000_000_000_001 }, 422, 'amount_out_of_range'],
    ] as const) {
      const reply = await bank.call('POST', '/v1/consents', wanted(changes));
      expect([changes, reply.status, endOf(reply)]).toEqual([changes, status, code]);
    }
  });

  it('that was never given is not there', async () => {
    const path = `/v1/consents/${randomUUID()}`;
    expect(endOf(await bank.call('GET', path))).toBe('not_found');
    const revoked = await bank.call('DELETE', path);
    expect([revoked.status, endOf(revoked)]).toEqual([404, 'consent_not_found']);
  });
});

it('consents are listed by account and bank, newest first, in pages', async () => {
  const ids: string[] = [];
  for (const name of ['beta', 'gama', 'beta']) {
    const { id } = wanted();
    await bank.call('POST', '/v1/consents', wanted({ id, account: 'bia', bank: name }));
    ids.unshift(id);
  }
  const idsOf = async (query: string) => {
    const { body } = await bank.call<ConsentList>('GET', `/v1/consents?${query}`);
    return { ids: body.data.map(({ id }) => id), next: body.next };
  };
  expect(await idsOf('account=bia')).toEqual({ ids, next: null });
  expect(await idsOf('account=bia&bank=gama')).toEqual({ ids: [ids[1]], next: null });
  const first = await idsOf('account=bia&limit=2');
  expect(first.ids).toEqual(ids.slice(0, 2));
  const second = await idsOf(`account=bia&limit=2&cursor=${first.next}`);
  expect(second).toEqual({ ids: ids.slice(2), next: null });
});

it('leaves sound books and nothing to complain about', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
