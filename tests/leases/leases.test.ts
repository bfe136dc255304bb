import { randomUUID } from 'node:crypto';
import type { AccountAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, headSeqOf } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';
import { allEvents, ask, lease, leasesOf, pay, queueOf, release, renew } from './lease-calls.ts';

let bank: BankInProcess;
let accounts = 0;

/** An account of its own with 1 000 on it. */
function account(): Promise<string> {
  accounts += 1;
  return openAccount(bank, `account-${accounts}`, 1_000);
}

async function newKey(name: string): Promise<string> {
  const made = await bank.call<{ key: string }>('POST', '/v1/api-keys', { name, scope: 'write' });
  return made.body.key;
}

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'other', 1_000);
  await createProduct(bank, { sku: 'thing', price: 1, stock: 1_000 });
  return async () => {
    await checkBooks(bank);
    await bank.stop();
  };
});

describe('a lease that nobody holds', () => {
  it('is granted at once, and its holder alone writes the account', async () => {
    const held = await account();
    const { token, owner, expiresAt } = await lease(bank, held, { owner: 'Ana' });
    expect(owner).toBe('Ana');
    const { body } = await bank.call<AccountAnswer>('GET', `/v1/accounts/${held}`);
    expect(body.leasedUntil).toBe(expiresAt);
    expect((await pay(bank, held, 'other', token)).status).toBe(201);
    expect((await pay(bank, 'other', held, token)).status).toBe(201);
    expect(await pay(bank, held, 'other')).toMatchObject({
      status: 423,
      body: { code: 'account_leased', account: held, retryable: false },
      headers: { 'retry-after': '1' },
    });
  });

  it('keeps everybody else out, whatever they want, and nothing changes', async () => {
    const held = await account();
    await lease(bank, held);
    const before = await balanceOf(bank, held);
    const sent = (path: string, body: object) => bank.call('POST', path, body);
    const transfers = [
      { from: 'other', to: 'account-1', amount: 1 },
      { from: held, to: 'other', amount: 1 },
    ];
    const replies = await Promise.all([
      pay(bank, held, 'other'),
      pay(bank, 'other', held),
      sent('/v1/deposits', { account: held, amount: 1 }),
      sent('/v1/withdrawals', { account: held, amount: 1 }),
      sent('/v1/transactions', { transfers: transfers.slice(1) }),
      sent('/v1/orders', {
        customer: held,
        merchant: 'other',
        lines: [{ sku: 'thing', quantity: 1 }],
      }),
    ]);
    expect(replies.map(({ status, body }) => [status, body['code']])).toEqual(
      replies.map(() => [423, 'account_leased']),
    );
    expect(await balanceOf(bank, held)).toBe(before);
  });

  it('is not for system accounts, nor for what isn’t there', async () => {
    expect(await ask(bank, 'cash:BRL')).toMatchObject({
      status: 422,
      body: { code: 'system_account' },
    });
    expect(await ask(bank, 'stock:thing')).toMatchObject({ status: 422 });
    expect(await ask(bank, 'nobody')).toMatchObject({
      status: 422,
      body: { code: 'account_not_found' },
    });
    expect((await bank.call('GET', leasesOf('nobody'))).status).toBe(404);
  });

  it('has an id that nobody else can take on the same account', async () => {
    const [one, another] = [await account(), await account()];
    const { id } = await lease(bank, one);
    const body = { id, owner: 'stranger' };
    const taken = await bank.call('POST', leasesOf(one), body, { key: await newKey('one') });
    expect(taken).toMatchObject({ status: 422, body: { code: 'id_taken' } });
    // On another account it is another lease.
    const free = await bank.call('POST', leasesOf(another), body, { key: await newKey('another') });
    expect(free.status, free.text).toBe(201);
    expect(await queueOf(bank, one)).toMatchObject([{ id, state: 'held', owner: 'test' }]);
    expect(await queueOf(bank, another)).toMatchObject([{ id, state: 'held', owner: 'stranger' }]);
  });
});

describe('a token', () => {
  it('writes nothing once its lease was released, even where nobody holds the account', async () => {
    const held = await account();
    const { id, token } = await lease(bank, held);
    expect((await release(bank, held, id)).status).toBe(201);
    expect(await pay(bank, held, 'other', token)).toMatchObject({
      status: 423,
      body: { code: 'lease_lost' },
    });
    expect((await pay(bank, held, 'other')).status).toBe(201);
  });

  it('writes nothing once its lease ran out, and the next one is larger', async () => {
    const held = await account();
    const first = await lease(bank, held, { ttl: 1 });
    const second = await lease(bank, held, { wait: 20 });
    expect(second.token).toBeGreaterThan(first.token);
    expect(await pay(bank, held, 'other', first.token)).toMatchObject({
      status: 423,
      body: { code: 'lease_lost' },
    });
    expect((await pay(bank, held, 'other', second.token)).status).toBe(201);
  });

  it('is in no list', async () => {
    const held = await account();
    const { id } = await lease(bank, held);
    const [first] = await queueOf(bank, held);
    expect(first).toMatchObject({ id, state: 'held' });
    expect(first).not.toHaveProperty('token');
  });
});

describe('waiting', () => {
  it('ends with the lease, in the order of the tickets, as each before gives it back', async () => {
    const held = await account();
    const first = await lease(bank, held);
    const waiting = [];
    for (const owner of ['b', 'c', 'd']) {
      waiting.push(lease(bank, held, { owner, wait: 30 }));
      await eventually(`${owner} stands in the queue`, async () =>
        (await queueOf(bank, held)).some((entry) => entry.owner === owner),
      );
    }
    expect((await queueOf(bank, held)).map(({ owner, state }) => [owner, state])).toEqual([
      ['test', 'held'],
      ['b', 'waiting'],
      ['c', 'waiting'],
      ['d', 'waiting'],
    ]);
    let last = first;
    for (const next of waiting) {
      await release(bank, held, last.id);
      const granted = await next;
      expect(granted.token).toBeGreaterThan(last.token);
      last = granted;
    }
  });

  it('ends with 423 when the time is over, and then the turn never comes', async () => {
    const held = await account();
    const { id } = await lease(bank, held);
    const late = randomUUID();
    expect(await ask(bank, held, { id: late, wait: 1 })).toMatchObject({
      status: 423,
      body: { code: 'account_leased', account: held },
    });
    expect(await queueOf(bank, held)).toMatchObject([{ id }]);
    await release(bank, held, id);
    const after = await lease(bank, held);
    expect(after.id).not.toBe(late);
    const grants = (await allEvents(bank)).filter(({ data }) => data['granted'] === late);
    expect(grants).toEqual([]);
    // The same request again: the same answer.
    expect(await ask(bank, held, { id: late, wait: 1 })).toMatchObject({
      status: 423,
      body: { code: 'account_leased' },
      headers: { 'idempotency-replayed': 'true' },
    });
  });

  it('0 s: 423 at once, without a place in the queue', async () => {
    const held = await account();
    await lease(bank, held);
    expect(await ask(bank, held)).toMatchObject({ status: 423, headers: { 'retry-after': '1' } });
    expect(await queueOf(bank, held)).toHaveLength(1);
  });

  it('ends when the client hangs up', async () => {
    const held = await account();
    await lease(bank, held);
    const hangUp = new AbortController();
    const call = fetch(`${bank.url}${leasesOf(held)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bank.adminKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ owner: 'impatient', wait: 30 }),
      signal: hangUp.signal,
    });
    await eventually('it waits', async () => (await queueOf(bank, held)).length === 2);
    hangUp.abort();
    await expect(call).rejects.toThrow();
    await eventually('it left the queue', async () => (await queueOf(bank, held)).length === 1);
  });
});

describe('the same request again', () => {
  it('gets the same lease, granted at once or after a wait', async () => {
    const held = await account();
    const [id, next] = [randomUUID(), randomUUID()];
    const first = await lease(bank, held, { id });
    expect(await lease(bank, held, { id })).toEqual(first);
    const waiting = [
      lease(bank, held, { id: next, wait: 30 }),
      lease(bank, held, { id: next, wait: 30 }),
    ];
    await eventually('it waits', async () => (await queueOf(bank, held)).length === 2);
    waiting.push(lease(bank, held, { id: next, wait: 30 }));
    await release(bank, held, id);
    const [one, two, three] = await Promise.all(waiting);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    expect(await lease(bank, held, { id: next, wait: 30 })).toEqual(one);
    expect(await ask(bank, held, { id })).toMatchObject({
      status: 404,
      body: { code: 'lease_not_found' },
    });
  });
});

describe('renewing and releasing', () => {
  it('a renewal counts from now on', async () => {
    const held = await account();
    const { id, expiresAt, token } = await lease(bank, held, { ttl: 20 });
    const renewed = await renew(bank, held, id, 60);
    expect(renewed.status).toBe(201);
    expect(Date.parse(renewed.body.expiresAt)).toBeGreaterThan(Date.parse(expiresAt));
    expect((await pay(bank, held, 'other', token)).status).toBe(201);
  });

  it('is refused where there is no such lease, and recorded so', async () => {
    const held = await account();
    const { id } = await lease(bank, held);
    await release(bank, held, id);
    const before = await headSeqOf(bank);
    for (const reply of [await release(bank, held, id), await renew(bank, held, id, 5)]) {
      expect(reply).toMatchObject({ status: 404, body: { code: 'lease_not_found' } });
    }
    expect(await headSeqOf(bank)).toBe(before + 2);
  });

  it('a place in the queue can be given up', async () => {
    const held = await account();
    await lease(bank, held);
    const id = randomUUID();
    const waiting = ask(bank, held, { id, wait: 30 });
    await eventually('it waits', async () => (await queueOf(bank, held)).length === 2);
    expect((await release(bank, held, id)).status).toBe(201);
    expect(await waiting).toMatchObject({ status: 423 });
  });
});
