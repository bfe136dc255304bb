import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { request } from 'undici';
import { query } from '../../../../../tests/harness/postgres.ts';
import { signRequest } from '../messages/sign-message.ts';
import { hashBody } from './body-hash.ts';
import { encodeEnvelope } from './envelope.ts';
import { MESSAGES_PATH } from './exchange.ts';
import { encodeMessage, type Addressed } from './message-text.ts';
import { leg, startConsortium, type TestBank, type TestConsortium } from './test-bank.fixture.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let consortium: TestConsortium;
let alfa: TestBank;
let beta: TestBank;

beforeAll(async () => {
  consortium = await startConsortium(['alfa', 'beta']);
  const [first, second] = consortium.banks;
  if (first === undefined || second === undefined) throw new Error('two');
  [alfa, beta] = [first, second];
  await beta.open('bia');
});

afterAll(() => consortium.remove());

/** A Prepare of alfa to beta, as it goes over the wire. */
async function aPrepare(number: number): Promise<Sent> {
  const [pin] = await query<{ generation: string }>(
    alfa.databaseUrl,
    'select generation from register_pin',
  );
  const id = `alfa/01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const legs = [leg('alfa/ana', 'beta/bia', 10n)];
  const body = { id, legs, decideBy: Date.now() + 20_000, generation: pin?.generation ?? '' };
  return signed([{ id, message: { type: 'prepare', body, hash: hashBody(body) } }]);
}

async function signed(messages: readonly Addressed[]): Promise<Sent> {
  const [head] = await query<{ block: string; hash: Buffer; epoch: string }>(
    alfa.databaseUrl,
    'select block, hash, (select epoch from bank_life order by number desc limit 1) from head',
  );
  const frame = {
    head: {
      epoch: head?.epoch ?? '',
      block: Number(head?.block),
      hash: head?.hash.toString('hex') ?? '',
    },
    seq: 0,
    seen: null,
    generation: '',
    wanted: null,
    next: null,
    refused: null,
  };
  const body = Buffer.from(encodeEnvelope(frame, messages.map(encodeMessage)));
  const targetUri = `${beta.url}${MESSAGES_PATH}`;
  const headers = await signRequest(
    { method: 'POST', targetUri, contentType: 'application/json', body },
    {
      key: alfa.peers.directory.ownKey(),
      at: Date.now(),
      nonce: randomBytes(16).toString('base64url'),
    },
  );
  return { headers: { ...headers }, body };
}

interface Sent {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

async function post({ headers, body }: Sent): Promise<number> {
  const url = `${beta.url}${MESSAGES_PATH}`;
  const answer = await request(url, { method: 'POST', headers, body });
  await answer.body.dump();
  return answer.statusCode;
}

async function promised(): Promise<number> {
  const rows = await query(beta.databaseUrl, 'select 1 from cross_transaction');
  return rows.length;
}

it('a message that was taken is refused when it comes again, also after a restart', async () => {
  const prepare = await aPrepare(1);
  expect(await post(prepare)).toBe(200);
  expect(await promised()).toBe(1);
  expect(await post(prepare)).toBe(401);
  await beta.stop();
  await beta.start();
  expect(await post(prepare)).toBe(401);
  expect(await promised()).toBe(1);
});

it('one that was changed on its way, or is not signed, has no effect', async () => {
  const prepare = await aPrepare(2);
  const changed = Buffer.from(prepare.body.toString().replace('"amount":10', '"amount":90'));
  const before = await promised();
  expect(await post({ ...prepare, body: changed })).toBe(401);
  expect(await post({ headers: {}, body: prepare.body })).toBe(415);
  expect(await post({ headers: { 'content-type': 'application/json' }, body: prepare.body })).toBe(
    401,
  );
  expect(await promised()).toBe(before);
});

it('one that is signed and makes no sense is refused whole', async () => {
  expect(await post(await signed([]))).toBe(200);
  const id = 'alfa/01900000-0000-7000-8000-000000000009';
  const forged: Addressed = {
    id,
    message: {
      type: 'prepare',
      hash: '0'.repeat(64),
      body: { id, legs: [leg('alfa/ana', 'beta/bia', 10n)], decideBy: 1, generation: 'g' },
    },
  };
  expect(await post(await signed([forged]))).toBe(400);
});

it('a yes that its bank did not sign is not counted', async () => {
  await alfa.open('rui', 100n);
  const before = beta.host.statistics.forged;
  const id = 'beta/01900000-0000-7000-8000-000000000008';
  const vote = { is: 'yes', signature: `alfa#x:${'A'.repeat(86)}` } as const;
  const message = { type: 'vote', hash: '0'.repeat(64), vote } as const;
  expect(await post(await signed([{ id, message }]))).toBe(200);
  expect(beta.host.statistics.forged).toBe(before + 1);
});
