import { randomUUID } from 'node:crypto';
import { NO_METADATA, type Command } from '@lastro/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyDatabase } from '../../packages/server/src/ledger/journal/index.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import {
  envelope,
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';

// Commands of one block that depend on each other: the second is decided on what the first did,
// although nothing of it is in the database yet.

const FUNDS = 1_000n;

let url: string;
let world: EngineWorld;
let used: string;

beforeAll(async () => {
  url = await createBankDatabase();
  world = await startEngine({ url });
  await openWithMoney(world, 'rich', 1_000_000n);
  await openWithMoney(world, 'shop', 0n);
  await world.engine.submit(
    envelope({
      type: 'CreateProduct',
      sku: 'tea',
      name: 'tea',
      price: 30n,
      asset: 'BRL/2',
      merchant: 'shop',
      stock: 1_000n,
      transferId: randomUUID(),
    }),
  );
  used = randomUUID();
  await world.engine.submit(transfer('rich', 'shop', 1n, used));
  await query(url, 'alter table transfer add constraint no_666 check (amount <> 666)');
});

afterAll(async () => {
  await world.stop();
  await abandonDatabase(url);
});

/** Two accounts of the test's own; `from` has money. */
interface Cast {
  readonly from: string;
  readonly to: string;
}

interface Scenario {
  readonly name: string;
  readonly commands: (cast: Cast) => readonly Command[];
  readonly words: readonly string[];
}

const leg = (from: string, to: string, amount: bigint) => ({
  from,
  to,
  amount,
  metadata: NO_METADATA,
  condition: null,
});
const hold = (id: string, ...transfers: readonly ReturnType<typeof leg>[]): Command => ({
  type: 'PlaceHold',
  id,
  transfers,
  expiry: { ttl: 3_600 },
});
const capture = (id: string, amount: bigint | null = null, transferId = randomUUID()): Command => ({
  type: 'CaptureHold',
  hold: id,
  amount,
  transferId,
});
const release = (id: string): Command => ({ type: 'ReleaseHold', hold: id });
const extend = (id: string): Command => ({ type: 'ExtendHold', hold: id, expiry: { ttl: 7_200 } });
const reverse = (reverses: string, amount: bigint | null = null, id = randomUUID()): Command => ({
  type: 'ReverseTransfer',
  id,
  reverses,
  amount,
  metadata: NO_METADATA,
  mayMoveCash: false,
});
const reverseAll = (reverses: string): Command => ({
  type: 'ReverseTransaction',
  id: randomUUID(),
  reverses,
  transferId: randomUUID(),
});
const post = (from: string, to: string, amount: bigint, id: string = randomUUID()) =>
  transfer(from, to, amount, id).command;
const order = (id: string, customer: string, money: string): Command => ({
  type: 'PlaceOrder',
  id,
  customer,
  merchant: 'shop',
  lines: [{ sku: 'tea', quantity: 2n }],
  expectedTotal: 60n,
  transferIds: [money, randomUUID()],
});
const cancel = (id: string): Command => ({
  type: 'CancelOrder',
  order: id,
  id: randomUUID(),
  transferId: randomUUID(),
});
const status = (type: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount', account: string) =>
  ({ type, account, reason: null }) satisfies Command;

const scenarios: readonly Scenario[] = [
  {
    name: 'place, capture, capture again, release',
    commands({ from, to }) {
      const id = randomUUID();
      return [hold(id, leg(from, to, 100n)), capture(id), capture(id), release(id)];
    },
    words: ['hold.placed', 'hold.captured', 'hold_ended', 'hold_ended'],
  },
  {
    name: 'place, extend, capture a part, reverse that part, twice',
    commands({ from, to }) {
      const [id, moved] = [randomUUID(), randomUUID()];
      const place = hold(id, leg(from, to, 100n));
      return [place, extend(id), capture(id, 40n, moved), reverse(moved), reverse(moved)];
    },
    words: [
      'hold.placed',
      'hold.extended',
      'hold.captured',
      'transfer.reversed',
      'amount_exceeded',
    ],
  },
  {
    name: 'place two that do not fit together, release the first, place again',
    commands({ from, to }) {
      const id = randomUUID();
      const most = () => leg(from, to, 600n);
      return [
        hold(id, most()),
        hold(randomUUID(), most()),
        release(id),
        hold(randomUUID(), most()),
        post(from, to, 401n),
      ];
    },
    words: [
      'hold.placed',
      'insufficient_funds',
      'hold.released',
      'hold.placed',
      'insufficient_funds',
    ],
  },
  {
    name: 'place a group of two that do not fit together, and one that does',
    commands: ({ from, to }) => [
      hold(randomUUID(), leg(from, to, 600n), leg(from, 'shop', 600n)),
      hold(randomUUID(), leg(from, to, 500n), leg(from, 'shop', 500n)),
    ],
    words: ['insufficient_funds', 'hold.placed'],
  },
  {
    name: 'place a group, capture it, reverse it as a whole, twice, and a part of it',
    commands({ from, to }) {
      const [id, moved] = [randomUUID(), randomUUID()];
      const group = hold(id, leg(from, to, 10n), leg(from, 'shop', 20n));
      return [group, capture(id, null, moved), reverseAll(id), reverseAll(id), reverse(moved)];
    },
    words: ['hold.placed', 'hold.captured', 'transaction.reversed', 'already_reversed', 'part_of'],
  },
  {
    name: 'post, reverse a part, more than the rest, the rest, and the reversal',
    commands({ from, to }) {
      const [id, back] = [randomUUID(), randomUUID()];
      return [
        post(from, to, 100n, id),
        reverse(id, 30n),
        reverse(id, 71n),
        reverse(id, null, back),
        reverse(id),
        reverse(back),
      ];
    },
    words: [
      'transfer.posted',
      'transfer.reversed',
      'amount_exceeded',
      'transfer.reversed',
      'amount_exceeded',
      'transfer.reversed',
    ],
  },
  {
    name: 'post a transaction, reverse a part, all of it, all again',
    commands({ from, to }) {
      const [id, part] = [randomUUID(), randomUUID()];
      const transfers = [
        { id: part, ...leg(from, to, 5n) },
        { id: randomUUID(), ...leg(to, 'shop', 5n) },
      ];
      return [
        { type: 'PostTransaction', id, transfers },
        reverse(part),
        reverseAll(id),
        reverseAll(id),
      ];
    },
    words: ['transaction.posted', 'part_of', 'transaction.reversed', 'already_reversed'],
  },
  {
    name: 'place an order, cancel it, cancel again, reverse what was paid',
    commands({ from }) {
      const [id, money] = [randomUUID(), randomUUID()];
      return [order(id, from, money), cancel(id), cancel(id), reverse(money), reverseAll(id)];
    },
    words: ['order.completed', 'order.cancelled', 'order_not_completed', 'part_of', 'part_of'],
  },
  {
    name: 'place an order, reverse what was paid, cancel, reverse the cancellation',
    commands({ from }) {
      const [id, money] = [randomUUID(), randomUUID()];
      const taken: Command = {
        type: 'CancelOrder',
        order: id,
        id: randomUUID(),
        transferId: randomUUID(),
      };
      return [
        order(id, from, money),
        reverse(money),
        taken,
        reverse(taken.transferId),
        reverseAll(taken.id),
      ];
    },
    words: ['order.completed', 'part_of', 'order.cancelled', 'part_of', 'part_of'],
  },
  {
    name: 'ask for a lease, ask again, write without it, release, write',
    commands({ from, to }) {
      const id = randomUUID();
      const request = (lease: string): Command => ({
        type: 'RequestLease',
        id: lease,
        account: from,
        owner: 'till',
        ttl: 60,
        wait: 0,
      });
      const giveBack: Command = { type: 'ReleaseLease', account: from, lease: id };
      return [
        request(id),
        request(randomUUID()),
        post(from, to, 1n),
        hold(randomUUID(), leg(from, to, 1n)),
        giveBack,
        giveBack,
        post(from, to, 1n),
      ];
    },
    words: [
      'lease.requested',
      'account_leased',
      'account_leased',
      'account_leased',
      'lease.released',
      'lease_not_found',
      'transfer.posted',
    ],
  },
  {
    name: 'freeze, pay, hold, receive, capture what was promised before, unfreeze, pay',
    commands({ from, to }) {
      const id = randomUUID();
      return [
        hold(id, leg(from, to, 10n)),
        status('FreezeAccount', from),
        post(from, to, 1n),
        hold(randomUUID(), leg(from, to, 1n)),
        post('rich', from, 1n),
        capture(id),
        status('UnfreezeAccount', from),
        post(from, to, 1n),
      ];
    },
    words: [
      'hold.placed',
      'account.frozen',
      'account_frozen',
      'account_frozen',
      'transfer.posted',
      'hold.captured',
      'account.unfrozen',
      'transfer.posted',
    ],
  },
  {
    name: 'promise to an empty account, close it, release, close, pay to it',
    commands({ from, to }) {
      const id = randomUUID();
      return [
        hold(id, leg(from, to, 10n)),
        status('CloseAccount', to),
        release(id),
        status('CloseAccount', to),
        post(from, to, 1n),
      ];
    },
    words: [
      'hold.placed',
      'account_not_empty',
      'hold.released',
      'account.closed',
      'account_closed',
    ],
  },
  {
    name: 'limit what an account may have, promise it, promise more, set the limit below that',
    commands({ from, to }) {
      const limit = (maximum: bigint): Command => ({
        type: 'ChangeAccount',
        account: to,
        version: null,
        creditLimit: null,
        maximumBalance: { to: maximum },
      });
      return [
        limit(10n),
        hold(randomUUID(), leg(from, to, 8n)),
        post(from, to, 3n),
        limit(7n),
        limit(8n),
      ];
    },
    words: [
      'account.changed',
      'hold.placed',
      'balance_out_of_range',
      'limit_in_use',
      'account.changed',
    ],
  },
];

/** What goes along in the same block, and how often the block is tried on account of it. */
const modes: readonly (readonly [string, () => readonly Command[], readonly string[]])[] = [
  ['on trust', () => [], []],
  ['once more, with every id looked up', () => [post('rich', 'shop', 1n, used)], ['id_taken']],
  [
    'in pieces, for one of them can not be written',
    () => [post('rich', 'shop', 666n)],
    ['command.failed'],
  ],
];

let count = 0;

describe.each(modes)('%s', (mode, companyOf, companyWords) => {
  test.each(scenarios)('$name', async ({ commands, words }) => {
    count += 1;
    const cast = { from: `from-${count}`, to: `to-${count}` };
    await openWithMoney(world, cast.from, FUNDS);
    await openWithMoney(world, cast.to, 0n);
    const before = world.engine.head?.block ?? 0;
    const sent = [...commands(cast), ...companyOf()].map((command) => envelope(command));
    const told = await Promise.all(sent.map((one) => wordFor(world.engine.submit(one))));
    expect(told).toEqual([...words, ...companyWords]);
    const blocks = (world.engine.head?.block ?? 0) - before;
    if (mode.startsWith('in pieces')) expect(blocks).toBeGreaterThan(1);
    else expect(blocks).toBe(1);
    // Sent again, every one has its answer; nothing is done twice.
    const again = await Promise.all(sent.map((one) => wordFor(world.engine.submit(one))));
    expect(again).toEqual(told);
  });
});

test('after all of that the books are right, and the journal gives them', async () => {
  expect(await world.brokenInvariants()).toEqual([]);
  const report = await verifyDatabase({ url, checkpoints: [], trustedKey: null });
  expect(report.differences.first).toBeNull();
});
