import { randomUUID } from 'node:crypto';
import type {
  AccountAnswer,
  HoldAnswer,
  TransactionAnswer,
  TransferAnswer,
} from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { endOf, type AnyBody } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

const newAccount = (balance = 0) => openAccount(bank, `acc-${randomUUID()}`, balance);

async function place(body: AnyBody): Promise<HoldAnswer> {
  const reply = await bank.call<HoldAnswer>('POST', '/v1/holds', body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
}

async function readHold(id: string): Promise<HoldAnswer> {
  const reply = await bank.call<HoldAnswer>('GET', `/v1/holds/${id}`);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

async function accountOf(id: string): Promise<AccountAnswer> {
  return (await bank.call<AccountAnswer>('GET', `/v1/accounts/${id}`)).body;
}

const end = async (id: string, verb: string, body?: AnyBody) =>
  bank.call<HoldAnswer & AnyBody>('POST', `/v1/holds/${id}/${verb}`, body);

const expiryIn = (seconds: number, { at }: HoldAnswer) =>
  new Date(Date.parse(at) + seconds * 1_000).toISOString();

describe('a hold', () => {
  it('reserves at once, counts against the limits of both sides, and moves nothing', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    await bank.call('PATCH', `/v1/accounts/${to}`, { maximumBalance: 90 });
    const hold = await place({ from, to, amount: 70, metadata: { note: 'room 12' } });
    expect(hold).toMatchObject({
      state: 'pending',
      transfers: [{ from, to, amount: 70, asset: 'BRL/2', metadata: { note: 'room 12' } }],
      expiresAt: expiryIn(86_400, hold),
    });
    expect(await readHold(hold.id)).toEqual(hold);
    expect(await accountOf(from)).toMatchObject({ balance: 100, held: 70, available: 30 });
    const more = (body: AnyBody) => bank.call('POST', '/v1/transfers', body);
    expect(endOf(await more({ from, to: await newAccount(), amount: 31 }))).toBe(
      'insufficient_funds',
    );
    expect(endOf(await more({ from: await newAccount(50), to, amount: 21 }))).toBe(
      'balance_out_of_range',
    );
  });

  it('is captured whole: one transfer, found from both', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const hold = await place({ from, to, amount: 70 });
    const captured = await end(hold.id, 'capture');
    expect(captured.status, captured.text).toBe(200);
    const [transfer] = captured.body.captured ?? [];
    expect(captured.body).toMatchObject({ ...hold, state: 'captured', captured: [{ amount: 70 }] });
    expect(await readHold(hold.id)).toEqual(captured.body);
    const moved = await bank.call<TransferAnswer>('GET', `/v1/transfers/${transfer?.id}`);
    expect(moved.body).toMatchObject({
      from,
      to,
      amount: 70,
      seq: captured.body.endedSeq,
      at: captured.body.endedAt,
    });
    expect(await accountOf(from)).toMatchObject({ balance: 30, held: 0, available: 30 });
    expect(await balanceOf(bank, to)).toBe(70n);
    // One transfer is corrected as a transfer; only a group is a transaction.
    expect(endOf(await bank.call('GET', `/v1/transactions/${hold.id}`))).toBe('not_found');
    expect(endOf(await bank.call('POST', `/v1/transactions/${hold.id}/reversals`))).toBe(
      'transaction_not_found',
    );
  });

  it('is captured in part, and the rest is released', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const hold = await place({ from, to, amount: 70 });
    const above = await end(hold.id, 'capture', { amount: 71 });
    expect([endOf(above), above.body['remaining']]).toEqual(['amount_exceeded', 70]);
    const id = randomUUID();
    const captured = await end(hold.id, 'capture', { id, amount: 45 });
    expect(captured.body.captured).toEqual([{ id, amount: 45 }]);
    expect(captured.body.transfers[0]?.amount).toBe(70);
    expect(await accountOf(from)).toMatchObject({ balance: 55, held: 0 });
  });

  it('is released once, and what ended stays ended', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const hold = await place({ from, to, amount: 70 });
    const released = await end(hold.id, 'release', {});
    expect([released.status, released.body.state]).toEqual([200, 'released']);
    expect(released.body).not.toHaveProperty('captured');
    expect(await accountOf(from)).toMatchObject({ balance: 100, held: 0, available: 100 });
    for (const [verb, body] of [['capture'], ['release'], ['extend', { ttl: 99_999 }]] as const) {
      const late = await end(hold.id, verb, body);
      expect([late.status, endOf(late), late.body.state]).toEqual([422, 'hold_ended', 'released']);
    }
    const missing = await end(randomUUID(), 'capture');
    expect([missing.status, endOf(missing)]).toEqual([404, 'hold_not_found']);
  });

  it('expires by itself, as an event of the bank’s own', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const hold = await place({ from, to, amount: 70, ttl: 1 });
    const expired = await eventually('the hold expires', async () => {
      const found = await readHold(hold.id);
      return found.state === 'pending' ? undefined : found;
    });
    expect(expired).toMatchObject({ state: 'expired', expiresAt: expiryIn(1, hold) });
    expect(Date.parse(expired.endedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(hold.expiresAt ?? ''),
    );
    expect(await accountOf(from)).toMatchObject({ balance: 100, held: 0 });
    expect(endOf(await end(hold.id, 'capture'))).toBe('hold_ended');
    const path = `/v1/events?after=${Number(expired.endedSeq) - 1}&limit=1`;
    const [event] = (await bank.call<{ data: AnyBody[] }>('GET', path)).body.data;
    expect(event).toMatchObject({ type: 'hold.expired', data: { hold: hold.id } });
  });

  it('is extended, to later alone and by 90 days at most', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const hold = await place({ from, to, amount: 70, ttl: 60 });
    const key = { 'idempotency-key': randomUUID() };
    const extend = (body: AnyBody, headers = {}) =>
      bank.call<HoldAnswer>('POST', `/v1/holds/${hold.id}/extend`, body, { headers });
    const extended = await extend({ ttl: 600 }, key);
    expect(extended.status, extended.text).toBe(200);
    expect(extended.body).toMatchObject({ ...hold, expiresAt: extended.body.expiresAt });
    const [before, after] = [hold.expiresAt ?? '', extended.body.expiresAt ?? ''];
    expect(after > before).toBe(true);
    expect(await readHold(hold.id)).toEqual(extended.body);
    const refused = async (body: AnyBody) => endOf(await extend(body));
    expect(await refused({ ttl: 1 })).toBe('expiry_out_of_range');
    expect(await refused({ expiresAt: '2999-01-01T00:00:00Z' })).toBe('expiry_out_of_range');
    expect(await refused({ ttl: 7_776_001 })).toBe('invalid_request');
    expect(await refused({ id: randomUUID() })).toBe('invalid_request');
    // Sent again after its end it says what it said.
    await end(hold.id, 'release');
    const again = await extend({ ttl: 600 }, key);
    expect(again.body).toEqual(extended.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('is refused where it can’t be', async () => {
    const [from, to] = [await newAccount(100), await newAccount()];
    const refused = async (body: AnyBody) => endOf(await bank.call('POST', '/v1/holds', body));
    const leg = { from, to, amount: 10 };
    expect(await refused({ ...leg, ttl: 60, expiresAt: '2999-01-01T00:00:00Z' })).toBe(
      'invalid_request',
    );
    expect(await refused({ ...leg, transfers: [leg] })).toBe('invalid_request');
    expect(await refused({ transfers: [] })).toBe('invalid_request');
    expect(await refused({ transfers: Array.from({ length: 101 }, () => leg) })).toBe(
      'invalid_request',
    );
    expect(await refused({ ...leg, expiresAt: '2016-12-31T23:59:60Z' })).toBe('invalid_request');
    expect(await refused({ ...leg, expiresAt: '2001-01-01T00:00:00Z' })).toBe(
      'expiry_out_of_range',
    );
    expect(await refused({ ...leg, expiresAt: '2999-01-01T00:00:00Z' })).toBe(
      'expiry_out_of_range',
    );
    expect(await refused({ ...leg, amount: 101 })).toBe('insufficient_funds');
    expect(await refused({ ...leg, to: from })).toBe('same_account');
    expect(await refused({ ...leg, to: 'cash:BRL' })).toBe('system_account');
    const read = await bank.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'reader',
      scope: 'read',
    });
    const { status } = await bank.call('POST', '/v1/holds', leg, { key: read.body.key });
    expect(status).toBe(403);
  });
});

describe('a group', () => {
  it('is placed, captured and read as one', async () => {
    const [a, b, c] = [await newAccount(100), await newAccount(), await newAccount()];
    const legs = [
      { from: a, to: b, amount: 60 },
      { from: a, to: c, amount: 40 },
    ];
    const tooMuch = { transfers: [...legs, { from: a, to: c, amount: 1 }] };
    expect(endOf(await bank.call('POST', '/v1/holds', tooMuch))).toBe('insufficient_funds');
    const hold = await place({ id: randomUUID(), transfers: legs });
    expect(await accountOf(a)).toMatchObject({ balance: 100, held: 100, available: 0 });
    const part = await end(hold.id, 'capture', { amount: 60 });
    expect([part.status, endOf(part)]).toEqual([422, 'amount_not_allowed']);
    expect(endOf(await bank.call('GET', `/v1/transactions/${hold.id}`))).toBe('not_found');
    const captured = await end(hold.id, 'capture');
    expect(captured.body.captured?.map(({ amount }) => amount)).toEqual([60, 40]);
    const path = `/v1/transactions/${hold.id}`;
    const transaction = (await bank.call<TransactionAnswer>('GET', path)).body;
    expect(transaction).toMatchObject({ id: hold.id, seq: captured.body.endedSeq });
    expect(transaction.transfers.map(({ id, amount }) => ({ id, amount }))).toEqual(
      captured.body.captured,
    );
    expect(await balanceOf(bank, c)).toBe(40n);
  });

  it('is released as one', async () => {
    const [a, b] = [await newAccount(100), await newAccount(100)];
    const hold = await place({
      transfers: [
        { from: a, to: b, amount: 60 },
        { from: b, to: a, amount: 5 },
      ],
    });
    expect((await end(hold.id, 'release')).body.state).toBe('released');
    expect([(await accountOf(a)).held, (await accountOf(b)).held]).toEqual([0, 0]);
  });
});

describe('the list of holds', () => {
  it('goes by account and state in pages that stay as they are while holds come and end', async () => {
    const [a, b, c] = [await newAccount(1_000), await newAccount(1_000), await newAccount()];
    const placed: HoldAnswer[] = [];
    for (let index = 0; index < 6; index += 1) {
      const [from, to] = index % 2 === 0 ? [a, b] : [b, a];
      placed.unshift(await place({ from, to, amount: 1 + index }));
    }
    // Both of its legs touch the account, and it is listed once.
    placed.unshift(
      await place({
        transfers: [
          { from: a, to: c, amount: 1 },
          { from: a, to: b, amount: 1 },
        ],
      }),
    );
    await place({ from: b, to: c, amount: 1 });
    const list = async (query: string) => {
      const path = `/v1/holds?${query}`;
      const reply = await bank.call<{ data: HoldAnswer[]; next: string | null }>('GET', path);
      expect(reply.status, reply.text).toBe(200);
      return reply.body;
    };
    expect((await list(`account=${a}`)).data).toEqual(placed);
    const first = await list(`account=${a}&limit=3`);
    await place({ from: a, to: b, amount: 1 });
    await end(placed[4]?.id ?? '', 'capture');
    await end(placed[5]?.id ?? '', 'release');
    const second = await list(`account=${a}&limit=3&cursor=${first.next}`);
    const third = await list(`account=${a}&limit=3&cursor=${second.next}`);
    const seen = [...first.data, ...second.data, ...third.data].map(({ id }) => id);
    expect(seen).toEqual(placed.map(({ id }) => id));
    expect(third.next).toBeNull();
    const ids = async (query: string) => (await list(query)).data.map(({ id }) => id);
    expect(await ids(`account=${a}&state=captured`)).toEqual([placed[4]?.id]);
    expect(await ids(`account=${a}&state=released`)).toEqual([placed[5]?.id]);
    expect(await ids(`account=${a}&state=expired`)).toEqual([]);
    expect(await ids(`account=${a}&state=pending`)).toHaveLength(6);
    expect(await ids(`account=${c}`)).toHaveLength(2);
    expect(await ids('account=nobody')).toEqual([]);
    expect((await ids('state=captured'))[0]).toBe(placed[4]?.id);
    expect(await ids('state=pending&limit=1')).toHaveLength(1);
    expect(await ids('limit=2')).toHaveLength(2);
  });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
