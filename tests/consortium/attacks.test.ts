import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { PeerList } from '@lastro/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandId } from '../../bench/generator/command-ids.ts';
import type { OwnKey } from '../../packages/server/src/consortium/messages/bank-keys.ts';
import type { MessageRefusalCode } from '../../packages/server/src/consortium/messages/message-refusal.ts';
import type { BankProcess } from '../harness/bank-process.ts';
import { eventually } from '../harness/eventually.ts';
import { query } from '../harness/postgres.ts';
import { openAccount } from '../harness/seeding.ts';
import { startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, undecidedIn, type Money } from './consortium-books.ts';
import { DELIVER } from './fates.ts';
import { allOnline } from './peering.ts';
import { MESSAGES_PATH, prepareOf, signed, stolenKey, type Forged } from './forger.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });

/**
 * Everybody who holds a message but no key, or the key of somebody else, against the endpoint of a
 * running bank. Each message is a Prepare that its receiver would say yes to, were it what it claims.
 */
let consortium: Consortium;
let beta: BankProcess;
let target: string;
let alfaKey: OwnKey;
let gamaKey: OwnKey;
/** What stands around alfa's messages, as it last said it. */
let envelope: Readonly<Record<string, unknown>>;
let money: Money;

beforeAll(async () => {
  consortium = await startConsortium();
  const { network, bank } = consortium;
  beta = bank('beta');
  target = `${network.urlOf('beta')}${MESSAGES_PATH}`;
  [alfaKey, gamaKey] = [await keyOf(bank('alfa')), await keyOf(bank('gama'))];
  await openAccount(bank('alfa'), 'ana', 1_000);
  await openAccount(beta, 'bia');
  money = await moneyIn(consortium.banks);
  network.decideBy(({ from, path, body }) => {
    if (from === 'alfa' && path === MESSAGES_PATH) envelope = parsed(body);
    return DELIVER;
  });
  const paid = await bank('alfa').call('POST', '/v1/transfers', {
    from: 'ana',
    to: 'beta/bia',
    amount: 1,
  });
  expect(paid.status, paid.text).toBe(201);
  await eventually('alfa has told all', () => envelope !== undefined);
});

afterAll(async () => {
  await checkConsortium(consortium.banks, money);
  await consortium.stop();
});

function keyOf({ name, dataFolder }: BankProcess): Promise<OwnKey> {
  return stolenKey(name, join(dataFolder ?? '', 'keys', `${name}.consortium.pem`));
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

/** A batch of one Prepare, as alfa would send it now. */
async function batch(): Promise<{ readonly id: string; readonly body: Buffer }> {
  const id = `alfa/${commandId(Date.now(), Math.random)}`;
  const around = Object.fromEntries(
    Object.entries(envelope).filter(([name]) => name !== 'messages'),
  );
  const leg = { from: 'alfa/ana', to: 'beta/bia' };
  const prepare = prepareOf(id, leg, String(envelope['generation']));
  const [head] = await query(
    consortium.bank('alfa').databaseUrl,
    `select block::int, encode(hash, 'hex') as hash, seq::int from head`,
  );
  const { block, hash, seq } = head ?? {};
  const said: unknown = around['head'];
  const now = { ...around, head: { ...Object(said), block, hash }, seq };
  const text = `${JSON.stringify(now).slice(0, -1)},"messages":[${prepare}]}`;
  return { id, body: Buffer.from(text) };
}

const genuine = (body: Buffer) => signed({ key: alfaKey, targetUri: target, body });

async function post({ method, path, headers, body }: Forged) {
  return beta.call(method, path, undefined, { key: null, headers, raw: body });
}

/** Refused, and nothing of the transaction happened. */
async function expectRefused(
  forged: Forged,
  id: string,
  code: MessageRefusalCode | number,
): Promise<void> {
  const before = await recordsOf(id);
  const reply = await post(forged);
  if (typeof code === 'number') {
    expect(reply.status, reply.text).toBe(code);
  } else {
    expect(reply.status, reply.text).toBe(401);
    expect(reply.text).toContain(code);
  }
  expect(await recordsOf(id)).toEqual(before);
}

/** What beta has recorded of a transaction. */
async function recordsOf(id: string): Promise<object[]> {
  return query(beta.databaseUrl, 'select * from cross_transaction where id = $1', [id]);
}

/** The same message, untouched, is obeyed: what was refused would have had an effect. */
async function expectObeyed(forged: Forged, id: string): Promise<void> {
  const reply = await post(forged);
  expect(reply.status, reply.text).toBe(200);
  expect(reply.text).toContain('"vote":"yes"');
  expect(await undecidedIn(beta)).toContain(id);
}

function withHeader(
  forged: Forged,
  name: string,
  change: (value: string) => string | string[] | undefined,
): Forged {
  const value = forged.headers[name];
  if (typeof value !== 'string') throw new Error(`no header ${name}`);
  const others = Object.entries(forged.headers).filter(([other]) => other !== name);
  const changed = change(value);
  const headers = changed === undefined ? others : [...others, [name, changed] as const];
  return { ...forged, headers: Object.fromEntries(headers) };
}

const inputWith = (forged: Forged, from: string | RegExp, to: string) =>
  withHeader(forged, 'signature-input', (value) => {
    const changed = value.replace(from, to);
    if (changed === value) throw new Error(`nothing to replace in ${value}`);
    return changed;
  });

/** Made from what the true message is; what comes of it. */
type Attack = readonly [string, MessageRefusalCode | number, (truth: Forged) => Forged];

const MINUTE = 60;
const ATTACKS: readonly Attack[] = [
  [
    'no signature at all',
    'signature_missing',
    (truth) => ({ ...truth, headers: { 'content-type': 'application/json' } }),
  ],
  [
    'no digest',
    'signature_missing',
    (truth) => withHeader(truth, 'content-digest', () => undefined),
  ],
  ['another method', 405, (truth) => ({ ...truth, method: 'PUT' })],
  ['another path', 'signature_invalid', (truth) => ({ ...truth, path: `${truth.path}?again=1` })],
  [
    'another type of content',
    415,
    (truth) => withHeader(truth, 'content-type', () => 'text/plain'),
  ],
  [
    'another spelling of the type',
    'signature_invalid',
    (truth) => withHeader(truth, 'content-type', (type) => `${type}; charset=utf-8`),
  ],
  [
    'another body under the digest',
    'digest_mismatch',
    (truth) => ({
      ...truth,
      body: Buffer.from(truth.body.toString().replace('"amount":1', '"amount":9')),
    }),
  ],
  [
    'another digest of the body',
    'digest_mismatch',
    (truth) =>
      withHeader(truth, 'content-digest', () => `sha-256=:${Buffer.alloc(32).toString('base64')}:`),
  ],
  ['a component less', 'components_mismatch', (truth) => inputWith(truth, ' "content-digest"', '')],
  [
    'another order of components',
    'components_mismatch',
    (truth) => inputWith(truth, '"@method" "@target-uri"', '"@target-uri" "@method"'),
  ],
  [
    'another time of creation',
    'signature_invalid',
    (truth) => inputWith(truth, /created=(\d+)/, `created=${Math.floor(Date.now() / 1000) + 2}`),
  ],
  [
    'a longer life',
    'lifetime_too_long',
    (truth) =>
      inputWith(truth, /expires=\d+/, `expires=${Math.floor(Date.now() / 1000) + 5 * MINUTE}`),
  ],
  ['another nonce', 'signature_invalid', (truth) => inputWith(truth, /nonce="..../, 'nonce="AAAA')],
  ['no nonce', 'signature_malformed', (truth) => inputWith(truth, /;nonce="[^"]*"/, '')],
  [
    'another kind of message',
    'profile_mismatch',
    (truth) => inputWith(truth, 'lastro-request-1', 'lastro-response-1'),
  ],
  [
    'another algorithm',
    'algorithm_not_allowed',
    (truth) => inputWith(truth, 'alg="ed25519"', 'alg="hmac-sha256"'),
  ],
  ['no algorithm', 'signature_malformed', (truth) => inputWith(truth, ';alg="ed25519"', '')],
  [
    'a key that nobody has pinned',
    'unknown_key',
    (truth) => inputWith(truth, /keyid="[^"]*"/, 'keyid="alfa#2020-01"'),
  ],
  [
    'the key of another bank under this signature',
    'signature_invalid',
    (truth) => inputWith(truth, /keyid="[^"]*"/, `keyid="${gamaKey.keyId}"`),
  ],
  [
    'two signatures, one of them true',
    'signature_repeated',
    (truth) =>
      withHeader(
        truth,
        'signature',
        (value) => `${value}, other=:${Buffer.alloc(64).toString('base64')}:`,
      ),
  ],
  [
    'a header twice',
    'header_repeated',
    (truth) => withHeader(truth, 'signature', (value) => [value, value]),
  ],
];

describe('a message that somebody has changed has no effect, and the true one has', () => {
  test.each(ATTACKS)('%s: %s', async (_, code, attack) => {
    const { id, body } = await batch();
    const truth = await genuine(body);
    await expectRefused(attack(truth), id, code);
    await expectObeyed(truth, id);
  });
});

describe('a message that was taken once', () => {
  test('is not taken again: at once, nor by the next process, nor when it has expired', async () => {
    const { id, body } = await batch();
    const truth = await genuine(body);
    await expectObeyed(truth, id);
    await expectRefused(truth, id, 'nonce_replayed');
    await beta.restart();
    await allOnline(consortium.banks);
    await expectRefused(truth, id, 'nonce_replayed');
  });

  test('is refused as too old after twice its life, and as too young before it', async () => {
    const { id, body } = await batch();
    const signedAt = (at: number) => signed({ key: alfaKey, targetUri: target, body, at });
    await expectRefused(await signedAt(Date.now() - 2 * MINUTE * 1_000), id, 'signature_expired');
    await expectRefused(await signedAt(Date.now() + MINUTE * 1_000), id, 'signature_from_future');
  });
});

describe('a bank that speaks for another one', () => {
  test('with its own key is not obeyed', async () => {
    const { id, body } = await batch();
    const reply = await post(await signed({ key: gamaKey, targetUri: target, body }));
    expect(reply.text).not.toContain('"vote":"yes"');
    expect(await recordsOf(id)).toEqual([]);
  });

  test('under the other one’s key id is found out', async () => {
    const { id, body } = await batch();
    const key = { keyId: alfaKey.keyId, privateKey: gamaKey.privateKey };
    await expectRefused(await signed({ key, targetUri: target, body }), id, 'signature_invalid');
  });

  test('with a message for a third bank is found out', async () => {
    const { id, body } = await batch();
    const targetUri = `${consortium.network.urlOf('gama')}${MESSAGES_PATH}`;
    await expectRefused(await signed({ key: alfaKey, targetUri, body }), id, 'signature_invalid');
  });
});

test('a key id that is an address is not asked for anything', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const keyId = `http://127.0.0.1:${address.port}/key`;
  const { id, body } = await batch();
  const forged = inputWith(await genuine(body), /keyid="[^"]*"/, `keyid="${keyId}"`);
  await expectRefused(forged, id, 'unknown_key');
  expect(asked).toBe(0);
  server.close();
});

test('answers of other requests are not believed, and the payments end right all the same', async () => {
  const { network, bank } = consortium;
  const before = network.counts.spliced;
  network.decideBy(({ path }) => (path === MESSAGES_PATH ? { kind: 'spliced' } : DELIVER));
  const paying = Array.from({ length: 10 }, () =>
    bank('alfa').call('POST', '/v1/transfers', { from: 'ana', to: 'beta/bia', amount: 1 }),
  );
  await eventually('answers were swapped', () => network.counts.spliced > before + 3);
  network.heal();
  const statuses = (await Promise.all(paying)).map(({ status }) => status);
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
});

// The last one: alfa has another key afterwards.
test('a bank changes its key while it pays; what the old one signs is refused when it is given up', async () => {
  const alfa = consortium.bank('alfa');
  const pay = () => alfa.call('POST', '/v1/transfers', { from: 'ana', to: 'beta/bia', amount: 1 });
  const rotate = async (body: object) => {
    const rotated = await alfa.call('POST', '/v1/peers/rotate', body);
    expect(rotated.status, rotated.text).toBe(200);
  };
  const statuses: number[] = [];
  const paidWhile = async (what: string, isSo: () => Promise<boolean>) => {
    await eventually(what, async () => {
      statuses.push((await pay()).status);
      return isSo();
    });
  };
  await rotate({});
  await paidWhile('the new key signs', async () => (await keyOf(alfa)).keyId !== alfaKey.keyId);
  const { id, body } = await batch();
  const stolen = await genuine(body);
  await rotate({ retire: true });
  await paidWhile('beta has given the old key up', async () => {
    const { data } = (await beta.call<PeerList>('GET', '/v1/peers')).body;
    const keys = data.find((peer) => peer.bank === 'alfa')?.keys ?? [];
    return keys.some(({ keyId, state }) => keyId === alfaKey.keyId && state === 'revoked');
  });
  expect(new Set(statuses)).toEqual(new Set([201]));
  await expectRefused(stolen, id, 'key_revoked');
});
