import { randomUUID } from 'node:crypto';
import {
  AGREE_WITHIN_MAX,
  type AccountAnswer,
  type BatchAnswer,
  type ConsentAnswer,
  type CrossBankTransactionAnswer,
  type CrossBankTransactionList,
  type Problem,
  type TransactionAnswer,
  type TransferAnswer,
} from '@lastro/contract';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { balanceOf, checkBooks, headSeqOf } from '../harness/books.ts';
import {
  addSilentPeer,
  settled,
  startBanksInProcess,
  type BanksInProcess,
} from '../harness/banks-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { endOf, type AnyBody, type Reply } from '../harness/http-caller.ts';
import { atOnce, openAccount, tally } from '../harness/seeding.ts';

// Busy machines take their time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const ID = /^alfa\/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const START = 1_000;

let banks: BanksInProcess;
let alfa: BanksInProcess['all'][number];
let beta: BanksInProcess['all'][number];
let gama: BanksInProcess['all'][number];
/** Sent before all other tests, for it takes its time. */
let waiting: Promise<Reply<AnyBody>>;

const QUEUED = {
  id: randomUUID(),
  from: 'ana',
  to: 'delta/x',
  amount: 1,
  onUnavailable: 'queue',
  within: 600,
};

beforeAll(async () => {
  banks = await startBanksInProcess(['alfa', 'beta', 'gama']);
  [alfa, beta, gama] = [banks.bank('alfa'), banks.bank('beta'), banks.bank('gama')];
  await Promise.all([
    openAccount(alfa, 'ana', START),
    openAccount(beta, 'bruno', START),
    openAccount(gama, 'dora', START),
  ]);
  await addSilentPeer(alfa, 'delta');
  waiting = alfa.call('POST', '/v1/transfers', QUEUED);
  return () => banks.stop();
});

const out = (changes: AnyBody = {}) => ({ from: 'ana', to: 'beta/bruno', amount: 10, ...changes });

/** What everybody has, in the order alfa, beta, gama. */
const balances = () =>
  Promise.all([balanceOf(alfa, 'ana'), balanceOf(beta, 'bruno'), balanceOf(gama, 'dora')]);

async function consentFor(changes: AnyBody = {}): Promise<string> {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const given = { account: 'bruno', bank: 'alfa', amount: 100, uses: 'total', expiresAt };
  const reply = await beta.call<ConsentAnswer>('POST', '/v1/consents', { ...given, ...changes });
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

describe('a transfer to another bank', () => {
  it('is answered when it is done, and every bank of it shows the same', async () => {
    const [ana, bruno] = await balances();
    const posted = await settled<TransferAnswer>(alfa, '/v1/transfers', out());
    expect([posted.status, posted.body], posted.text).toEqual([
      201,
      {
        id: expect.stringMatching(ID),
        status: 'posted',
        from: 'alfa/ana',
        to: 'beta/bruno',
        amount: 10,
        asset: 'BRL/2',
        seq: expect.any(Number),
        at: expect.stringMatching(TIME),
        metadata: {},
      },
    ]);
    const { id, at } = posted.body;
    expect(posted.headers['location']).toBe(`/v1/transactions/${id}`);
    expect(await balanceOf(alfa, 'ana')).toBe(ana - 10n);
    const seen = await banks.decided(id, ['alfa', 'beta']);
    expect(await balanceOf(beta, 'bruno')).toBe(bruno + 10n);
    for (const view of seen) {
      expect(view).toMatchObject({
        id,
        state: 'committed',
        coordinator: 'alfa',
        legs: [{ from: 'alfa/ana', to: 'beta/bruno', amount: 10, asset: 'BRL/2' }],
        votes: [
          { bank: 'alfa', vote: 'yes' },
          { bank: 'beta', vote: 'yes' },
        ],
        decision: 'commit',
        rebuilt: false,
      });
    }
    expect(seen[0]?.decidedAt).toBe(at);
    const inOnePart = `/v1/transactions/${encodeURIComponent(id)}`;
    expect((await beta.call('GET', inOnePart)).body).toMatchObject({ id, state: 'committed' });
    expect(endOf(await gama.call('GET', inOnePart))).toBe('not_found');
  });

  it('is its bank’s own transaction, too, and counts as what that owes', async () => {
    const owed = await banks.position('alfa', 'beta');
    const { body } = await settled<TransferAnswer>(alfa, '/v1/transfers', out());
    const own = body.id.replace('alfa/', '');
    const { body: share } = await alfa.call<TransactionAnswer>('GET', `/v1/transactions/${own}`);
    expect(share.transfers).toMatchObject([{ from: 'ana', to: 'peer:beta:BRL', amount: 10 }]);
    await banks.decided(body.id, ['beta']);
    expect(await banks.position('alfa', 'beta')).toBe(owed + 10n);
    expect(await banks.position('beta', 'alfa')).toBe(-owed - 10n);
    const [transfer] = share.transfers;
    for (const path of [`transactions/${own}`, `transfers/${transfer?.id}`]) {
      const reversed = await alfa.call<Problem>('POST', `/v1/${path}/reversals`);
      expect([endOf(reversed), reversed.body.owner]).toEqual(['part_of', 'crossbank']);
    }
  });

  it('has one effect and one answer under one id, at one bank', async () => {
    const before = await balances();
    const body = { ...out(), id: randomUUID() };
    const replies = await atOnce(5, () => settled(alfa, '/v1/transfers', body));
    const [first] = replies;
    for (const reply of replies) expect([reply.status, reply.body]).toEqual([201, first?.body]);
    const again = await settled(alfa, '/v1/transfers', body);
    expect([again.status, again.body]).toEqual([201, first?.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await settled(alfa, '/v1/transfers', { ...body, amount: 11 });
    expect([other.status, endOf(other)]).toEqual([422, 'id_reused']);
    const { body: command } = await alfa.call('GET', `/v1/commands/${body.id}`);
    expect(command['resource']).toBe(first?.headers['location']);
    const elsewhere = { ...body, from: 'bruno', to: 'alfa/ana' };
    expect(endOf(await settled(beta, '/v1/transfers', elsewhere))).toBe('201');
    await banks.quiet();
    expect(await balances()).toEqual(before);
  });

  it('that this bank refuses was never begun, and is refused again', async () => {
    const body = out({ id: randomUUID(), amount: START * 10 });
    const refused = await settled<Problem>(alfa, '/v1/transfers', body);
    expect([refused.status, refused.body.code, refused.body.account]).toEqual([
      422,
      'insufficient_funds',
      'ana',
    ]);
    expect(refused.body).not.toHaveProperty('bank');
    const again = await settled(alfa, '/v1/transfers', body);
    expect([endOf(again), again.headers['idempotency-replayed']]).toEqual([
      'insufficient_funds',
      'true',
    ]);
    const nobody = out({ from: 'nobody', id: randomUUID() });
    const unknown = await settled<Problem>(alfa, '/v1/transfers', nobody);
    expect([unknown.body.code, unknown.body.account]).toEqual(['account_not_found', 'nobody']);
  });

  it('that the other bank refuses moves nothing, and says which bank and why', async () => {
    const before = await balances();
    const body = out({ id: randomUUID(), to: 'beta/nobody' });
    const refused = await settled<Problem>(alfa, '/v1/transfers', body);
    expect([refused.status, refused.body], refused.text).toMatchObject([
      422,
      { code: 'account_not_found', bank: 'beta', account: 'nobody', retryable: false },
    ]);
    const { transaction } = refused.body;
    const view = await alfa.call<CrossBankTransactionAnswer>(
      'GET',
      `/v1/transactions/${transaction}`,
    );
    expect(view.body).toMatchObject({ state: 'aborted', decision: 'abort' });
    expect(view.body.votes).toContainEqual({
      bank: 'beta',
      vote: 'no',
      reason: 'account_not_found',
      account: 'nobody',
    });
    const again = await settled<Problem>(alfa, '/v1/transfers', body);
    expect(again.body).toMatchObject({ code: 'account_not_found', bank: 'beta', transaction });
    expect(again.headers['idempotency-replayed']).toBe('true');
    await banks.quiet();
    expect(await balances()).toEqual(before);
  });

  it.each([
    ['nobody added', 'omega', 422, 'peer_unknown'],
    ['does not answer', 'delta', 503, 'peer_unavailable'],
  ])('to a bank that %s is not begun', async (_, bank, status, code) => {
    const before = await headSeqOf(alfa);
    const body = out({ to: `${bank}/x` });
    const reply = await alfa.call<Problem>('POST', '/v1/transfers', body);
    expect([reply.status, reply.body.code, reply.body.bank]).toEqual([status, code, bank]);
    expect(reply.headers['retry-after'] !== undefined).toBe(status === 503);
    expect(await headSeqOf(alfa)).toBe(before);
  });
});

describe('a transfer from another bank', () => {
  it('uses its consent up, and gives it back when it comes to nothing', async () => {
    const [ana, bruno, dora] = await balances();
    const consent = await consentFor({ amount: 50 });
    const take = (amount: number, to = 'ana') =>
      settled<Problem>(alfa, '/v1/transfers', { from: 'beta/bruno', to, amount, consent });
    expect(endOf(await take(30))).toBe('201');
    expect((await take(21)).body).toMatchObject({ code: 'consent_exceeded', bank: 'beta' });
    expect((await take(20, 'nobody')).body).toMatchObject({ code: 'account_not_found' });
    expect(endOf(await take(20))).toBe('201');
    await banks.quiet();
    expect(await balances()).toEqual([ana + 50n, bruno - 50n, dora]);
    const { body } = await beta.call('GET', `/v1/consents/${consent}`);
    expect([body['state'], body['remaining']]).toEqual(['used', 0]);
  });

  it('needs a consent that stands, for this account and this bank', async () => {
    const before = await balances();
    const revoked = await consentFor();
    await beta.call('DELETE', `/v1/consents/${revoked}`);
    await openAccount(beta, 'other', 100);
    for (const [consent, code] of [
      [randomUUID(), 'consent_not_found'],
      [await consentFor({ bank: 'gama' }), 'consent_not_found'],
      [await consentFor({ account: 'other' }), 'consent_not_found'],
      [revoked, 'consent_revoked'],
      [await consentFor({ amount: 9, uses: 'once' }), 'consent_exceeded'],
    ]) {
      const body = { from: 'beta/bruno', to: 'ana', amount: 10, consent };
      const reply = await settled<Problem>(alfa, '/v1/transfers', body);
      expect([reply.body.code, reply.body.bank]).toEqual([code, 'beta']);
    }
    await banks.quiet();
    expect(await balances()).toEqual(before);
  });
});

describe('a transaction of several banks', () => {
  const parcel = (consent: string, changes: AnyBody = {}) => ({
    transfers: [
      { from: 'ana', to: 'gama/dora', amount: 3 },
      { from: 'beta/bruno', to: 'gama/dora', amount: 2, consent, asset: 'BRL/2', ...changes },
    ],
  });

  it('moves all of it', async () => {
    const [ana, bruno, dora] = await balances();
    const consent = await consentFor();
    const reply = await settled<TransactionAnswer>(alfa, '/v1/transactions', parcel(consent));
    expect([reply.status, reply.body], reply.text).toMatchObject([
      201,
      {
        status: 'posted',
        transfers: [
          { from: 'alfa/ana', to: 'gama/dora', amount: 3 },
          { from: 'beta/bruno', to: 'gama/dora', amount: 2 },
        ],
      },
    ]);
    await banks.decided(reply.body.id, ['alfa', 'beta', 'gama']);
    expect(await balances()).toEqual([ana - 3n, bruno - 2n, dora + 5n]);
  });

  it('or none of it', async () => {
    const before = await balances();
    const consent = await consentFor({ amount: START * 100 });
    const body = parcel(consent, { amount: START * 10 });
    const reply = await settled<Problem>(alfa, '/v1/transactions', body);
    expect(reply.body).toMatchObject({
      code: 'insufficient_funds',
      bank: 'beta',
      account: 'bruno',
    });
    await banks.quiet();
    expect(await balances()).toEqual(before);
  });

  it('is found among those of its bank by its state and age', async () => {
    const read = async (query: string) =>
      (await alfa.call<CrossBankTransactionList>('GET', `/v1/transactions?${query}`)).body;
    const all: string[] = [];
    let cursor = '';
    for (;;) {
      const page = await read(`state=committed&limit=3${cursor}`);
      all.push(...page.data.map(({ id }) => id));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    const whole = await read('state=committed&limit=1000');
    expect(all).toEqual(whole.data.map(({ id }) => id));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(3);
    await banks.quiet();
    expect(await read('state=prepared&olderThan=0')).toEqual({ data: [], next: null });
    expect((await read('state=committed&olderThan=3600')).data).toEqual([]);
    expect((await read('state=aborted')).data.length).toBeGreaterThan(0);
  });
});

/** The batch with none of its lines pending: sent again under its key until then. */
function batched(transfers: readonly AnyBody[]): Promise<BatchAnswer> {
  const headers = { 'idempotency-key': randomUUID() };
  return eventually('the batch is settled', async () => {
    const path = '/v1/transfers/batch';
    const { body } = await alfa.call<BatchAnswer>('POST', path, { transfers }, { headers });
    return body.results.some(({ status }) => status === 'pending') ? undefined : body;
  });
}

describe('a batch', () => {
  it('settles each line by itself, here and across banks', async () => {
    const [ana, bruno, dora] = await balances();
    await openAccount(alfa, 'near');
    const first = { id: randomUUID(), ...out({ amount: 1 }) };
    const transfers = [
      first,
      out({ to: 'near', amount: 2 }),
      out({ to: 'beta/nobody' }),
      out({ to: 'omega/x' }),
      out({ amount: START * 10 }),
    ];
    const body = await batched(transfers.map((each) => ({ ...each, within: AGREE_WITHIN_MAX })));
    expect(body.results).toEqual([
      { id: expect.stringMatching(ID), status: 'posted' },
      { id: expect.any(String), status: 'posted' },
      { code: 'account_not_found', bank: 'beta' },
      { code: 'peer_unknown', bank: 'omega' },
      { code: 'insufficient_funds' },
    ]);
    const single = await settled(alfa, '/v1/transfers', first);
    expect(single.body['id']).toBe(body.results[0]?.id);
    await banks.quiet();
    expect(await balances()).toEqual([ana - 3n, bruno + 1n, dora]);
  });
});

it('fifty at once, both ways, leave what adds up', async () => {
  const before = await balances();
  const words = await atOnce(50, async (index) => {
    const there = { from: 'ana', to: 'beta/bruno', amount: 1 };
    const back = { from: 'bruno', to: 'alfa/ana', amount: 1 };
    const reply =
      index % 2 === 0
        ? await settled(alfa, '/v1/transfers', there)
        : await settled(beta, '/v1/transfers', back);
    return endOf(reply);
  });
  expect(tally(words)).toEqual({ '201': 50 });
  await banks.quiet();
  expect(await balances()).toEqual(before);
});

it('what waits for a bank that is away holds nothing, and its client hears where to ask', async () => {
  const queued = await waiting;
  expect([queued.status, queued.body]).toEqual([202, { status: 'queued', command: QUEUED.id }]);
  const location = String(queued.headers['location']);
  expect((await alfa.call('GET', location)).body).toEqual({ id: QUEUED.id, status: 'queued' });
  const { body } = await alfa.call<AccountAnswer>('GET', '/v1/accounts/ana');
  expect(body.held).toBe(0);
});

it('leaves sound books, mirrored positions and nothing to complain about', async () => {
  await banks.quiet();
  for (const bank of banks.all) {
    await checkBooks(bank);
    expect(banks.alarmsOf(bank)).toEqual([]);
  }
  for (const [one, other] of [
    ['alfa', 'beta'],
    ['alfa', 'gama'],
    ['beta', 'gama'],
  ] as const) {
    expect(await banks.position(one, other)).toBe(-(await banks.position(other, one)));
  }
});
