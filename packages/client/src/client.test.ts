import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { LastroClient } from './client.ts';
import {
  cutsAnswer,
  cutsConnection,
  refuses,
  says,
  scriptedBank,
  staysSilent,
  type Step,
} from './fixtures/scripted-bank.ts';
import { LastroError } from './lastro-error.ts';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const payment = { from: 'ana', to: 'bia', amount: 100 };

/** A client without pauses between tries but those that the bank asks for. */
function clientOf(url: string, options: { readonly deadlineMs?: number } = {}): LastroClient {
  return new LastroClient({ url, key: 'a key', random: () => 0, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<LastroError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LastroError)) throw new Error('expected a LastroError', { cause: error });
  return error;
}

test('a command without an id gets a UUIDv7, and the key and the body arrive', async () => {
  await using bank = await scriptedBank(says(201, { status: 'posted' }));
  const answer = await clientOf(bank.url).transfer(payment);
  expect(answer).toEqual({ status: 'posted' });
  const [arrived] = bank.arrived;
  expect(arrived).toMatchObject({ method: 'POST', path: '/v1/transfers', body: payment });
  expect(arrived?.headers.authorization).toBe('Bearer a key');
  expect(arrived?.body).toHaveProperty('id', expect.stringMatching(uuidV7));
});

test('a command whose body has no place for an id carries an Idempotency-Key', async () => {
  await using bank = await scriptedBank(says(201, {}));
  const client = clientOf(bank.url);
  await client.openAccount({ id: 'ana', asset: 'BRL/2' });
  await client.transferBatch([payment], { idempotencyKey: 'batch-of-monday' });
  await client.changeProduct('bola', 3, { price: 5 });
  expect(bank.arrived[0]?.headers['idempotency-key']).toMatch(uuidV7);
  expect(bank.arrived[1]?.headers['idempotency-key']).toBe('batch-of-monday');
  expect(bank.arrived[2]?.headers['if-match']).toBe('"3"');
});

test('an Idempotency-Key that the caller names stands in for the body’s id', async () => {
  await using bank = await scriptedBank(says(201, {}));
  await clientOf(bank.url).transfer(payment, { idempotencyKey: 'rent-of-may' });
  expect(bank.arrived[0]?.body).toEqual(payment);
  expect(bank.arrived[0]?.headers['idempotency-key']).toBe('rent-of-may');
});

test('commands carry the tokens of the leases under which they write', async () => {
  await using bank = await scriptedBank(says(201, {}));
  const client = clientOf(bank.url);
  await client.transfer(payment, { leases: [7, 9] });
  await client.transfer(payment);
  await client.releaseLease('ana', 'a-lease', { leases: [7] });
  expect(bank.arrived.map(({ headers }) => headers['lastro-lease'])).toEqual([
    '7, 9',
    undefined,
    '7',
  ]);
  expect(bank.arrived[2]).toMatchObject({
    path: '/v1/accounts/ana/leases/a-lease/release',
    body: undefined,
  });
});

test('a request for a lease is given the time that it may wait, on top of the deadline', async () => {
  await using bank = await scriptedBank((response, one) => {
    setTimeout(() => says(201, { token: 7 })(response, one), 300);
  });
  const client = clientOf(bank.url, { deadlineMs: 100 });
  expect(await client.requestLease('ana', { owner: 'me', wait: 10 })).toEqual({ token: 7 });
  expect((await failureOf(client.requestLease('ana', { owner: 'me' }))).tries).toBeGreaterThan(0);
});

test('ids in a path and values in a query are escaped, and absent values left out', async () => {
  await using bank = await scriptedBank(says(200, { data: [], next: null }));
  const client = clientOf(`${bank.url}/lastro/`);
  await client.listEntries('a/../b', { limit: 2, cursor: 'x&y' });
  await client.listOrders({ customer: 'cliente:1' });
  await client.listTransfers({ minAmount: 5, 'metadata.a&b': 'c=d' });
  await client.readBalance('ana', { at: '2026-03-01T00:00:00+01:00' });
  await client.readBalance('ana');
  await client.trialBalance({ atSeq: 7 });
  expect(bank.arrived.map(({ path }) => path)).toEqual([
    '/lastro/v1/accounts/a%2F..%2Fb/entries?limit=2&cursor=x%26y',
    '/lastro/v1/orders?customer=cliente%3A1',
    '/lastro/v1/transfers?minAmount=5&metadata.a%26b=c%3Dd',
    '/lastro/v1/accounts/ana/balance?at=2026-03-01T00%3A00%3A00%2B01%3A00',
    '/lastro/v1/accounts/ana/balance',
    '/lastro/v1/trial-balance?atSeq=7',
  ]);
});

test.for<readonly [string, Step]>([
  ['a cut connection', cutsConnection],
  ['a cut answer', cutsAnswer],
  ['503 overloaded', refuses(503, 'overloaded', true)],
  ['504 outcome_unknown', refuses(504, 'outcome_unknown', true)],
  ['429', refuses(429, 'too_many_requests', true)],
  ['502 of a proxy', says(502, 'Bad Gateway')],
])('after %s the same bytes are sent again', async ([, step]) => {
  await using bank = await scriptedBank(step, step, says(201, { status: 'posted' }));
  await expect(clientOf(bank.url).transfer(payment)).resolves.toEqual({ status: 'posted' });
  expect(bank.arrived).toHaveLength(3);
  expect(bank.arrived[1]?.body).toEqual(bank.arrived[0]?.body);
  expect(bank.arrived[2]?.body).toEqual(bank.arrived[0]?.body);
});

test.for<readonly [number, string]>([
  [400, 'invalid_request'],
  [401, 'unauthorized'],
  [409, 'account_exists'],
  [422, 'insufficient_funds'],
])('a definite refusal (%i %s) is never sent again', async ([status, code]) => {
  await using bank = await scriptedBank(refuses(status, code), says(201, {}));
  const error = await failureOf(clientOf(bank.url).transfer(payment));
  expect(error).toMatchObject({ kind: 'refused', code, status, tries: 1 });
  expect(error.problem?.title).toBe(`title of ${code}`);
  expect(bank.arrived).toHaveLength(1);
});

test('a transfer across banks that is not decided yet is an answer, not a failure', async () => {
  const pending = { status: 'pending', command: 'c', transaction: 'alfa/t' };
  await using bank = await scriptedBank(says(202, pending));
  const client = clientOf(bank.url);
  const payments = { ...payment, to: 'beta/bia', onUnavailable: 'queue', within: 60 } as const;
  expect(await client.across.transfer(payments)).toEqual(pending);
  await client.across.readTransaction('alfa/t');
  await client.across.listTransactions({ state: 'prepared', olderThan: 60 });
  await client.consents.revoke('c');
  expect(bank.arrived.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/transfers',
    'GET /v1/transactions/alfa/t',
    'GET /v1/transactions?state=prepared&olderThan=60',
    'DELETE /v1/consents/c',
  ]);
});

test('a bank that is away is not asked for again: who wants to wait for it says so', async () => {
  await using bank = await scriptedBank(refuses(503, 'peer_unavailable', true), says(201, {}));
  const error = await failureOf(clientOf(bank.url).across.transfer(payment));
  expect(error).toMatchObject({ kind: 'unavailable', code: 'peer_unavailable', tries: 1 });
});

test('Retry-After is waited for', async () => {
  await using bank = await scriptedBank(
    refuses(503, 'overloaded', true, { 'retry-after': '1' }),
    says(200, { ok: true }),
  );
  const begin = performance.now();
  await clientOf(bank.url).consistency();
  expect(performance.now() - begin).toBeGreaterThanOrEqual(990);
});

test('a Retry-After beyond the deadline ends the call at once, and nothing was done', async () => {
  await using bank = await scriptedBank(refuses(503, 'overloaded', true, { 'retry-after': '60' }));
  const begin = performance.now();
  const error = await failureOf(clientOf(bank.url).transfer(payment));
  expect(error).toMatchObject({ kind: 'unavailable', code: 'overloaded', tries: 1 });
  expect(performance.now() - begin).toBeLessThan(2_000);
});

test('a bank that stays silent: after the deadline the outcome is unknown, and the id settles it', async () => {
  await using bank = await scriptedBank(staysSilent, says(201, { status: 'posted' }));
  const client = clientOf(bank.url);
  const error = await failureOf(client.transfer(payment, { deadlineMs: 200 }));
  expect(error).toMatchObject({ kind: 'outcome_unknown', code: 'answer_missing', tries: 1 });
  await client.transfer({ ...payment, id: error.commandId! });
  expect(bank.arrived[1]?.body).toEqual(bank.arrived[0]?.body);
});

test('a read that gets no answer in time is unavailable, not unknown', async () => {
  await using bank = await scriptedBank(staysSilent);
  const error = await failureOf(clientOf(bank.url, { deadlineMs: 200 }).readAccount('ana'));
  expect(error).toMatchObject({ kind: 'unavailable', commandId: undefined });
});

test('a bank that is not there is unavailable after the deadline, never unknown', async () => {
  const client = clientOf(`http://127.0.0.1:${await freePort()}`, { deadlineMs: 300 });
  const error = await failureOf(client.transfer(payment));
  expect(error).toMatchObject({ kind: 'unavailable', code: 'bank_unreachable' });
  expect(error.tries).toBeGreaterThan(1);
});

test('a cut connection and then 503s: still unknown, for the first try may have acted', async () => {
  await using bank = await scriptedBank(cutsConnection, refuses(503, 'overloaded', true));
  const error = await failureOf(clientOf(bank.url).transfer(payment));
  expect(error).toMatchObject({ kind: 'outcome_unknown', code: 'overloaded' });
});

test('a cut connection and then a recorded refusal: refused', async () => {
  await using bank = await scriptedBank(cutsConnection, refuses(422, 'insufficient_funds'));
  const error = await failureOf(clientOf(bank.url).transfer(payment));
  expect(error).toMatchObject({ kind: 'refused', code: 'insufficient_funds', tries: 2 });
});

test('a cut connection and then a revoked key: unknown, for the key says nothing about the first try', async () => {
  await using bank = await scriptedBank(cutsConnection, refuses(401, 'unauthorized'));
  const error = await failureOf(clientOf(bank.url).transfer(payment));
  expect(error).toMatchObject({ kind: 'outcome_unknown', code: 'unauthorized' });
});

test('a 500 is unknown unless it is the recorded outcome', async () => {
  await using fresh = await scriptedBank(refuses(500, 'internal_error'));
  expect(await failureOf(clientOf(fresh.url).transfer(payment))).toMatchObject({
    kind: 'outcome_unknown',
    tries: 1,
  });
  const replayed = { 'idempotency-replayed': 'true' };
  await using recorded = await scriptedBank(refuses(500, 'internal_error', false, replayed));
  expect(await failureOf(clientOf(recorded.url).transfer(payment))).toMatchObject({
    kind: 'refused',
    tries: 1,
  });
});

test('an aborted call says so, unknown once it was sent', async () => {
  const abort = new AbortController();
  await using bank = await scriptedBank(() => abort.abort());
  const client = clientOf(bank.url);
  const sent = await failureOf(client.transfer(payment, { signal: abort.signal }));
  expect(sent).toMatchObject({ kind: 'outcome_unknown', code: 'aborted' });
  const unsent = await failureOf(client.transfer(payment, { signal: abort.signal }));
  expect(unsent).toMatchObject({ kind: 'unavailable', code: 'aborted' });
  expect(bank.arrived).toHaveLength(1);
});

test('a new API key is asked for again only when the request certainly was not taken', async () => {
  const request = { name: 'shop', scope: 'write' } as const;
  await using busy = await scriptedBank(refuses(503, 'overloaded', true), says(201, { key: 'k' }));
  await expect(clientOf(busy.url).apiKeys.create(request)).resolves.toEqual({ key: 'k' });
  await using cut = await scriptedBank(cutsConnection, says(201, { key: 'k' }));
  const error = await failureOf(clientOf(cut.url).apiKeys.create(request));
  expect(error).toMatchObject({ kind: 'outcome_unknown', tries: 1 });
  expect(cut.arrived).toHaveLength(1);
});

test('a revocation whose first answer was lost finds the key gone and is content', async () => {
  await using bank = await scriptedBank(cutsConnection, refuses(404, 'not_found'));
  await expect(clientOf(bank.url).apiKeys.revoke('key_1')).resolves.toBeUndefined();
  const error = await failureOf(clientOf(bank.url).apiKeys.revoke('key_1'));
  expect(error).toMatchObject({ kind: 'refused', status: 404 });
});

test('readyz waits for a bank that is still starting', async () => {
  const starting = says(503, { ready: false });
  await using bank = await scriptedBank(starting, starting, says(200, { ready: true }));
  await expect(clientOf(bank.url).readyz()).resolves.toBeUndefined();
});

test('something that is no bank: one sentence, no repeat', async () => {
  await using page = await scriptedBank((response) => response.end('<html>'));
  const error = await failureOf(clientOf(page.url).readAccount('ana'));
  expect(error).toMatchObject({ kind: 'unavailable', code: 'answer_unreadable' });
  expect(page.arrived).toHaveLength(1);
});

test('connections are kept alive and bounded', async () => {
  const ports = new Set<number | undefined>();
  await using bank = await scriptedBank((response) => {
    ports.add(response.socket?.remotePort);
    response.end('{}');
  });
  const client = new LastroClient({ url: bank.url, connectionsMax: 2 });
  await Promise.all(Array.from({ length: 40 }, () => client.trialBalance()));
  await client.close();
  expect(ports.size).toBeLessThanOrEqual(2);
  const error = await failureOf(client.trialBalance());
  expect(error).toMatchObject({ kind: 'unavailable', code: 'client_closed', tries: 1 });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
