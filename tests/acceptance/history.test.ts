import { randomUUID } from 'node:crypto';
import type { BalanceAnswer, Entry, TransferAnswer, TrialBalance } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { trialBalanceOf } from '../harness/books.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount } from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

async function balanceAt(account: string, query: string): Promise<BalanceAnswer> {
  const path = `/v1/accounts/${account}/balance${query}`;
  const reply = await bank.call<BalanceAnswer>('GET', path);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

async function endAt(account: string, query: string): Promise<string> {
  return endOf(await bank.call('GET', `/v1/accounts/${account}/balance${query}`));
}

async function post(path: string, body: AnyBody): Promise<TransferAnswer> {
  const reply = await bank.call<TransferAnswer>('POST', path, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
}

describe('the balance of an account', () => {
  it('is what each entry left, from its event on until the next', async () => {
    await openAccount(bank, 'ana', 1_000);
    await openAccount(bank, 'bia');
    for (const amount of [1, 20, 300]) {
      await post('/v1/transfers', { from: 'ana', to: 'bia', amount });
      await post('/v1/transfers', { from: 'bia', to: 'ana', amount: 1 });
    }
    const { body } = await bank.call<{ data: Entry[] }>('GET', '/v1/accounts/ana/entries');
    const entries = body.data.toReversed();
    expect(entries).toHaveLength(7);
    const head = (await trialBalanceOf(bank)).seq;
    for (const [index, { seq, at, balanceAfter }] of entries.entries()) {
      const until = entries[index + 1]?.seq ?? head + 1;
      for (const asked of [seq, until - 1]) {
        expect(await balanceAt('ana', `?atSeq=${asked}`)).toMatchObject({
          account: 'ana',
          asset: 'BRL/2',
          balance: balanceAfter,
          seq: asked,
        });
      }
      expect((await balanceAt('ana', `?atSeq=${seq}`)).at).toBe(at);
    }
    const now = await balanceAt('ana', '');
    expect(now).toMatchObject({ balance: 682, seq: head });
    expect(await balanceAt('ana', `?at=${now.at}`)).toEqual(now);
    expect(await balanceAt('ana', '?at=2999-01-01T00:00:00Z')).toEqual(now);
  });

  it('as of a moment is that of the newest event booked by then', async () => {
    await openAccount(bank, 'carla', 100);
    const first = await post('/v1/deposits', { account: 'carla', amount: 10 });
    let later = first;
    for (const deadline = Date.now() + 10_000; later.at === first.at;) {
      expect(Date.now()).toBeLessThan(deadline);
      later = await post('/v1/deposits', { account: 'carla', amount: 1 });
    }
    const just = new Date(Date.parse(later.at) - 1).toISOString();
    const before = await balanceAt('carla', `?at=${just}`);
    expect(before.seq).toBe(later.seq - 1);
    expect((await balanceAt('carla', `?at=${later.at}`)).balance).toBe(Number(before.balance) + 1);
    const offset = `${new Date(Date.parse(later.at) + 3_600_000).toISOString().slice(0, -1)}%2B01:00`;
    expect((await balanceAt('carla', `?at=${offset}`)).seq).toBe(later.seq);
  });

  it('is not there before the account was opened, to the event', async () => {
    // Many at once, so that some are opened in one block.
    await atOnce(40, (index) => openAccount(bank, `new-${index}`));
    const { body } = await bank.call<{ data: { type: string; seq: number; data: AnyBody }[] }>(
      'GET',
      '/v1/events?limit=1000',
    );
    const opened = body.data.filter(({ type }) => type === 'account.opened');
    expect(opened.length).toBeGreaterThan(40);
    for (const { seq, data } of opened) {
      const account = String(data['account'] ?? data['id']);
      expect([account, await endAt(account, `?atSeq=${seq - 1}`)]).toEqual([account, 'not_found']);
      expect(await balanceAt(account, `?atSeq=${seq}`)).toMatchObject({ balance: 0, seq });
    }
    await openAccount(bank, 'first-euro', 0, 'EUR/2');
    const { seq } = await balanceAt('first-euro', '');
    expect(await balanceAt('cash:EUR', `?atSeq=${seq}`)).toMatchObject({ balance: 0 });
    expect(await endAt('cash:EUR', `?atSeq=${seq - 1}`)).toBe('not_found');
  });

  it('refuses what is not there, both ways at once, and what is still to come', async () => {
    const head = (await trialBalanceOf(bank)).seq;
    expect(await endAt('nobody', '')).toBe('not_found');
    expect(await endAt('nobody', '?atSeq=0')).toBe('not_found');
    expect(await endAt('ana', '?at=1999-01-01T00:00:00Z')).toBe('not_found');
    expect(await endAt('ana', '?atSeq=5&at=2030-01-01T00:00:00Z')).toBe('invalid_request');
    expect(await endAt('ana', `?atSeq=${head + 1}`)).toBe('seq_not_reached');
    expect(await endAt('ana', `?atSeq=${Number.MAX_SAFE_INTEGER}`)).toBe('seq_not_reached');
  });

  it('stays what it was while the bank writes on', async () => {
    await openAccount(bank, 'hot', 10_000);
    const { seq } = await balanceAt('hot', '');
    const writing = atOnce(200, () =>
      post('/v1/transfers', { from: 'hot', to: 'bia', amount: 1 }).then(({ seq: own }) => own),
    );
    const reading = atOnce(50, () => balanceAt('hot', `?atSeq=${seq}`));
    for (const answer of await reading) expect(answer).toMatchObject({ balance: 10_000, seq });
    const seqs = (await writing).toSorted((one, other) => one - other);
    for (const [index, own] of seqs.entries()) {
      if (index % 20 > 0) continue;
      expect((await balanceAt('hot', `?atSeq=${own}`)).balance).toBe(10_000 - index - 1);
    }
  });
});

describe('the trial balance as of an event', () => {
  it('is what the live one said then', async () => {
    const recorded: TrialBalance[] = [await trialBalanceOf(bank)];
    const record = async () => recorded.push(await trialBalanceOf(bank));
    for (let round = 0; round < 12; round += 1) {
      const sku = `thing-${round}`;
      await createProduct(bank, { sku, price: 3, stock: 10 });
      await record();
      await atOnce(5, (index) => openAccount(bank, `trial-${round}-${index}`, 100));
      await record();
      const spend = atOnce(30, (index) =>
        bank.call('POST', '/v1/orders', {
          id: randomUUID(),
          customer: `trial-${round}-${index % 5}`,
          merchant: 'bia',
          lines: [{ sku, quantity: 1 }],
        }),
      );
      await Promise.all([record(), spend, record()]);
      await record();
    }
    expect(recorded.length).toBe(61);
    for (const then of recorded) {
      const { status, body } = await bank.call('GET', `/v1/trial-balance?atSeq=${then.seq}`);
      expect(status).toBe(200);
      expect(body).toEqual(then);
    }
  });

  it('of the bank’s opening is empty, and beyond the newest event it is refused', async () => {
    const first = await bank.call('GET', '/v1/trial-balance?atSeq=0');
    expect(first.body).toEqual({ block: 0, seq: 0, assets: [] });
    const { seq } = await trialBalanceOf(bank);
    const beyond = await bank.call('GET', `/v1/trial-balance?atSeq=${seq + 1}`);
    expect([beyond.status, endOf(beyond)]).toEqual([422, 'seq_not_reached']);
    expect(beyond.body['detail']).toBe(`the newest event is ${seq}`);
  });

  it('balances at every event, from either end of the history', async () => {
    const { seq } = await trialBalanceOf(bank);
    for (let at = 0; at <= seq; at += Math.max(1, Math.floor(seq / 60))) {
      const { body } = await bank.call<TrialBalance>('GET', `/v1/trial-balance?atSeq=${at}`);
      expect(body.seq).toBe(at);
      expect(body.assets.filter(({ balance }) => balance !== '0')).toEqual([]);
    }
  });
});
