import { randomUUID } from 'node:crypto';
import type {
  AccountAnswer,
  EventList,
  HoldAnswer,
  OrderAnswer,
  TransferAnswer,
} from '@lastro/contract';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyDatabase } from '../../packages/server/src/ledger/journal/index.ts';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, headSeqOf, productOf } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { endOf } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount, tally } from '../harness/seeding.ts';

const CLIENTS = 50;

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

/** Sound books, and a journal that folds to every table. */
afterEach(async () => {
  await checkBooks(bank);
  const report = await verifyDatabase({
    url: bank.databaseUrl,
    checkpoints: [],
    trustedKey: null,
  });
  expect(report.differences.first).toBeNull();
});

const newAccount = (balance = 0) => openAccount(bank, `acc-${randomUUID()}`, balance);

async function read<Body>(path: string): Promise<Body> {
  const reply = await bank.call<Body>('GET', path);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

/** A hold of 60 out of 100, and what became of it when all clients ended it at once. */
async function raceFor(ttl: number, begin: (hold: HoldAnswer) => Promise<unknown>) {
  const [from, to] = [await newAccount(100), await newAccount()];
  const placed = await bank.call<HoldAnswer>('POST', '/v1/holds', { from, to, amount: 60, ttl });
  expect(placed.status, placed.text).toBe(201);
  const { id } = placed.body;
  await begin(placed.body);
  const ends = await atOnce(CLIENTS, async (index) => {
    const verb = index % 2 === 0 ? 'capture' : 'release';
    const reply = await bank.call('POST', `/v1/holds/${id}/${verb}`);
    return reply.status === 200 ? verb : endOf(reply);
  });
  const hold = await eventually('the hold has ended', async () => {
    const found = await read<HoldAnswer>(`/v1/holds/${id}`);
    return found.state === 'pending' ? undefined : found;
  });
  const account = await read<AccountAnswer>(`/v1/accounts/${from}`);
  const moved = hold.state === 'captured' ? 60 : 0;
  expect(account).toMatchObject({ balance: 100 - moved, held: 0, available: 100 - moved });
  expect(await balanceOf(bank, to)).toBe(BigInt(moved));
  return { ends: tally(ends), state: hold.state };
}

describe('one hold', () => {
  it('is captured or released by exactly one of 50', async () => {
    const { ends, state } = await raceFor(600, () => Promise.resolve());
    const winner = state === 'captured' ? 'capture' : 'release';
    expect(ends).toEqual({ [winner]: 1, hold_ended: CLIENTS - 1 });
  });

  it.each([-60, -30, -10, 0, 10])(
    'is captured, released or expires, when 50 come %i ms after its time',
    async (afterMs) => {
      const { ends, state } = await raceFor(1, ({ expiresAt }) =>
        eventually('its time is near', () => Date.now() >= Date.parse(expiresAt ?? '') + afterMs),
      );
      const winner = { captured: 'capture', released: 'release', expired: undefined };
      expect(state).not.toBe('pending');
      const verb = state === 'pending' ? undefined : winner[state];
      expect(ends).toEqual(
        verb === undefined ? { hold_ended: CLIENTS } : { [verb]: 1, hold_ended: CLIENTS - 1 },
      );
    },
  );
});

describe('corrections', () => {
  it('50 reversals of one transfer move back as much as fits, and never more', async () => {
    const [from, to] = [await newAccount(100), await newAccount(1_000)];
    const body = { from, to, amount: 100 };
    const { id } = (await bank.call<TransferAnswer>('POST', '/v1/transfers', body)).body;
    const ends = await atOnce(CLIENTS, async () =>
      endOf(await bank.call('POST', `/v1/transfers/${id}/reversals`, { amount: 3 })),
    );
    expect(tally(ends)).toEqual({ '201': 33, amount_exceeded: CLIENTS - 33 });
    expect((await read<TransferAnswer>(`/v1/transfers/${id}`)).reversed).toBe(99);
    expect(await balanceOf(bank, from)).toBe(99n);
  });

  it('50 reversals of all of one transfer are one', async () => {
    const [from, to] = [await newAccount(100), await newAccount(1_000)];
    const body = { from, to, amount: 100 };
    const { id } = (await bank.call<TransferAnswer>('POST', '/v1/transfers', body)).body;
    const ends = await atOnce(CLIENTS, async () =>
      endOf(await bank.call('POST', `/v1/transfers/${id}/reversals`)),
    );
    expect(tally(ends)).toEqual({ '201': 1, amount_exceeded: CLIENTS - 1 });
    expect(await balanceOf(bank, from)).toBe(100n);
  });

  it('50 cancellations of one order return money and goods once', async () => {
    const [customer, merchant] = [await newAccount(100), await newAccount(1_000)];
    const sku = await createProduct(bank, { sku: `sku-${randomUUID()}`, price: 10, stock: 9 });
    const { id } = (
      await bank.call<OrderAnswer>('POST', '/v1/orders', {
        customer,
        merchant,
        lines: [{ sku, quantity: 4 }],
      })
    ).body;
    const ends = await atOnce(CLIENTS, async () =>
      endOf(await bank.call('POST', `/v1/orders/${id}/cancel`)),
    );
    expect(tally(ends)).toEqual({ '200': 1, order_not_completed: CLIENTS - 1 });
    expect(await balanceOf(bank, customer)).toBe(100n);
    expect(await productOf(bank, sku)).toMatchObject({ stock: 9, sold: 0 });
  });
});

describe('an account', () => {
  it('gives nothing after the answer to its freeze, however many were asking', async () => {
    const [from, to] = [await newAccount(1_000_000), await newAccount()];
    const before = await headSeqOf(bank);
    const accepted: number[] = [];
    let isFrozen = false;
    /** What a client got for transfers that it sent once the freeze was answered. */
    const afterwards: string[] = [];
    const flood = atOnce(CLIENTS, async () => {
      for (;;) {
        const isLate = isFrozen;
        const body = { from, to, amount: 1 };
        const reply = await bank.call('POST', '/v1/transfers', body);
        if (reply.status === 201) accepted.push(Number(reply.body['seq']));
        if (isLate) return void afterwards.push(endOf(reply));
      }
    });
    await eventually('the flood is on', () => accepted.length >= CLIENTS);
    const frozen = await bank.call('POST', `/v1/accounts/${from}/freeze`);
    isFrozen = true;
    expect(frozen.status, frozen.text).toBe(200);
    await flood;
    expect(tally(afterwards)).toEqual({ account_frozen: CLIENTS });
    const freeze = await seqOfFreeze(before);
    expect(accepted.filter((seq) => seq > freeze)).toEqual([]);
    expect(await balanceOf(bank, to)).toBe(BigInt(accepted.length));
  });

  it.each([0, 12, 25, 49])(
    'is closed or takes credits, never both: the close as number %i of 50',
    async (place) => {
      const [payer, account] = [await newAccount(1_000), await newAccount()];
      const ends = await atOnce(CLIENTS, async (index) =>
        index === place
          ? `close ${endOf(await bank.call('POST', `/v1/accounts/${account}/close`))}`
          : endOf(
              await bank.call('POST', '/v1/transfers', { from: payer, to: account, amount: 1 }),
            ),
      );
      const { status } = await read<AccountAnswer>(`/v1/accounts/${account}`);
      expect(tally(ends)).toEqual(
        status === 'closed'
          ? { 'close 200': 1, account_closed: CLIENTS - 1 }
          : { 'close account_not_empty': 1, '201': CLIENTS - 1 },
      );
      const moved = status === 'closed' ? 0n : BigInt(CLIENTS - 1);
      expect(await balanceOf(bank, account)).toBe(moved);
    },
  );
});

async function seqOfFreeze(after: number): Promise<number> {
  for (let from = after; ;) {
    const { data } = await read<EventList>(`/v1/events?after=${from}&limit=1000`);
    const freeze = data.find(({ type }) => type === 'account.frozen');
    if (freeze !== undefined) return freeze.seq;
    from = data.at(-1)?.seq ?? Number.NaN;
    expect(from, 'the feed has the freeze').not.toBeNaN();
  }
}

it('leaves no complaint', () => {
  expect(bank.complaints).toEqual([]);
});
