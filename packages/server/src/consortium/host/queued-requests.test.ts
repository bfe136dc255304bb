import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import {
  abandonDatabase,
  createBankDatabase,
  query,
} from '../../../../../tests/harness/postgres.ts';
import { openReads } from '../../store/reads.ts';
import { QueuedRequests, type QueuedRequest } from './queued-requests.ts';
import { commandOf, leg } from './test-bank.fixture.ts';

const LATER = Date.parse('2099-01-01T00:00:00Z');
/** More than a number of JSON keeps. */
const MUCH = 2n ** 60n + 1n;

let url: string;
let queue: QueuedRequests;

beforeAll(async () => {
  url = await createBankDatabase();
  const onError = (error: Error) => {
    throw error;
  };
  const reads = openReads({ url, role: null }, onError);
  queue = new QueuedRequests(reads);
  return async () => {
    await reads.close();
    await abandonDatabase(url);
  };
});

function wish(deadline = LATER): QueuedRequest {
  const envelope = { ...commandOf(randomUUID()), leaseTokens: [7, 8] };
  const lines = [{ sku: 'book', quantity: 3n }];
  const order = { id: randomUUID(), customer: 'beta/ana', merchant: 'shop', lines, total: MUCH };
  const legs = [leg('beta/ana', 'alfa/shop', MUCH, randomUUID())];
  return { request: { envelope, legs, order }, deadline };
}

it('gives back what was put, to the last unit, in the order of deadlines, page by page', async () => {
  const [first, second, third] = [wish(LATER + 1), wish(LATER + 2), wish(LATER + 3)];
  for (const one of [third, first, second]) expect(await queue.put(one)).toBe(one.deadline);
  expect(await queue.page(null, 2)).toEqual([first, second]);
  const { principal, id } = second.request.envelope;
  const after = { principal, id, deadline: second.deadline };
  expect(await queue.page(after, 2)).toEqual([third]);
  for (const { request } of [first, second, third]) await queue.remove(request.envelope);
});

it('a repeat waits as long as the first one said, and another request has no place under its id', async () => {
  const { request, deadline } = wish();
  await queue.put({ request, deadline });
  expect(await queue.put({ request, deadline: deadline + 60_000 })).toBe(deadline);
  const envelope = { ...request.envelope, hash: '2'.repeat(64) };
  expect(await queue.put({ request: { ...request, envelope }, deadline })).toBeUndefined();
  await queue.remove(request.envelope);
});

it('is begun by one process, and given up by none meanwhile', async () => {
  const { request, deadline } = wish();
  const { envelope } = request;
  await queue.put({ request, deadline });
  const claims = await Promise.all([1, 2, 3, 4].map(() => queue.claim(envelope)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await queue.giveUp(envelope)).toBe(false);
  await queue.unclaim(envelope);
  expect(await queue.claim(envelope)).toBe(true);
  const place = [envelope.principal, envelope.id] as const;
  await query(
    url,
    `update queued_request set claimed_at = now() - interval '1 minute'
      where principal = $1 and id = $2`,
    [...place],
  );
  expect(await queue.claim(envelope), 'its process died').toBe(true);
  await queue.unclaim(envelope);
  const ends = await Promise.all([queue.giveUp(envelope), queue.claim(envelope)]);
  expect(ends.filter(Boolean)).toHaveLength(1);
  await queue.remove(envelope);
  expect(await queue.giveUp(envelope), 'gone').toBe(true);
  expect(await queue.claim(envelope)).toBe(false);
  expect(await queue.has(...place)).toBe(false);
});
