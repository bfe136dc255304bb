import { randomUUID } from 'node:crypto';
import { NO_METADATA, type Command } from '@lastro/core';
import { envelope, wordFor, type EngineWorld } from '../faults/fixtures/engine-world.ts';

type PlaceHold = Extract<Command, { readonly type: 'PlaceHold' }>;
type HoldRequest = PlaceHold['transfers'][number];

/** What a history needs to move on: an engine whose clock can be set ahead. */
export interface Stage {
  readonly world: EngineWorld;
  /** Lets time pass for the bank, without anybody waiting. */
  readonly pass: (milliseconds: number) => void;
}

const account = (id: string, maximumBalance: bigint | null = null): Command => ({
  type: 'OpenAccount',
  account: id,
  asset: 'BRL/2',
  creditLimit: 0n,
  maximumBalance,
  metadata: NO_METADATA,
});
const leg = (from: string, to: string, amount: bigint, metadata = {}): HoldRequest => ({
  from,
  to,
  amount,
  metadata,
  condition: null,
});
const hold = (
  id: string,
  expiry: PlaceHold['expiry'],
  transfers: readonly HoldRequest[],
): Command => ({
  type: 'PlaceHold',
  id,
  transfers,
  expiry,
});
const capture = (id: string, amount: bigint | null = null): Command => ({
  type: 'CaptureHold',
  hold: id,
  amount,
  transferId: randomUUID(),
});
const reverse = (reverses: string, amount: bigint | null = null): Command => ({
  type: 'ReverseTransfer',
  id: randomUUID(),
  reverses,
  amount,
  metadata: { why: 'a mistake' },
  mayMoveCash: true,
});
const reverseAll = (reverses: string): Command => ({
  type: 'ReverseTransaction',
  id: randomUUID(),
  reverses,
  transferId: randomUUID(),
});
const request = (id: string, of: string, ttl: number, wait: number, owner = 'till'): Command => ({
  type: 'RequestLease',
  id,
  account: of,
  owner: `${owner} “1”`,
  ttl,
  wait,
});
const limits = (of: string, credit: bigint | null, maximum: bigint | null): Command => ({
  type: 'ChangeAccount',
  account: of,
  version: null,
  creditLimit: { to: credit },
  maximumBalance: { to: maximum },
});
const status = (
  type: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount' | 'ReopenAccount',
  of: string,
  reason: string | null = null,
): Command => ({ type, account: of, reason });

/** Accounts, money and goods that the rest is done with; ids that later commands name. */
function opening(paid: string, group: string, orders: readonly string[]): readonly Command[] {
  const order = (id: string): Command => ({
    type: 'PlaceOrder',
    id,
    customer: 'eva',
    merchant: 'fay',
    lines: [
      { sku: 'ink', quantity: 2n },
      { sku: 'gift', quantity: 1n },
    ],
    expectedTotal: null,
    transferIds: [randomUUID(), randomUUID(), randomUUID()],
  });
  const product = (sku: string, price: bigint): Command => ({
    type: 'CreateProduct',
    sku,
    name: sku,
    price,
    asset: 'BRL/2',
    merchant: 'fay',
    stock: 20n,
    transferId: randomUUID(),
  });
  return [
    account('eva', 90_000n),
    account('fay', 80_000n),
    account('gil', 1_000n),
    account('hal'),
    account('ivy', 500n),
    { type: 'Deposit', id: randomUUID(), account: 'eva', amount: 50_000n, metadata: NO_METADATA },
    product('ink', 30n),
    product('gift', 0n),
    { type: 'PostTransfer', id: paid, ...leg('eva', 'fay', 400n) },
    {
      type: 'PostTransaction',
      id: group,
      transfers: [
        { id: randomUUID(), ...leg('eva', 'hal', 60n) },
        { id: randomUUID(), ...leg('hal', 'fay', 60n) },
      ],
    },
    ...orders.map(order),
  ];
}

/** Holds that end in every way; those of `open` stay. */
function holds(open: readonly string[]): readonly Command[] {
  const day = { ttl: 86_400 };
  const [whole, part, group, dropped, dropped2, later] = Array.from({ length: 6 }, () =>
    randomUUID(),
  ) as [string, string, string, string, string, string];
  const pair = [leg('eva', 'fay', 11n), leg('eva', 'hal', 12n, { of: 'a group' })];
  const [first, ...others] = open;
  return [
    hold(whole, day, [leg('eva', 'fay', 100n, { for: 'a room' })]),
    hold(part, day, [leg('eva', 'fay', 90n)]),
    hold(group, day, pair),
    hold(dropped, day, [leg('eva', 'gil', 80n)]),
    hold(dropped2, day, pair),
    capture(whole),
    capture(part, 35n),
    capture(group),
    reverseAll(group),
    { type: 'ReleaseHold', hold: dropped },
    { type: 'ReleaseHold', hold: dropped2 },
    hold(later, { ttl: 1 }, [leg('eva', 'hal', 5n)]),
    { type: 'ExtendHold', hold: later, expiry: { ttl: 60 } },
    capture(later, 1n),
    ...others.map((id, index) => hold(id, day, index === 0 ? pair : [leg('eva', 'fay', 7n)])),
    ...(first === undefined ? [] : [hold(first, day, [leg('fay', 'eva', 21n)])]),
    ...(first === undefined
      ? []
      : [{ type: 'ExtendHold', hold: first, expiry: { ttl: 172_800 } } satisfies Command]),
  ];
}

function corrections(paid: string, group: string, orders: readonly string[]): readonly Command[] {
  return [
    reverse(paid, 150n),
    reverse(paid, 50n),
    reverse(paid),
    reverse(paid, 1n),
    reverseAll(group),
    ...orders.map((order): Command => ({
      type: 'CancelOrder',
      order,
      id: randomUUID(),
      transferId: randomUUID(),
    })),
  ];
}

const life: readonly Command[] = [
  limits('gil', 200n, 2_000n),
  limits('ivy', null, null),
  status('FreezeAccount', 'gil', 'a court’s "order"'),
  status('FreezeAccount', 'hal'),
  status('UnfreezeAccount', 'hal', 'mistaken'),
  status('CloseAccount', 'gil'),
  status('CloseAccount', 'ivy', 'left'),
  status('ReopenAccount', 'ivy'),
  limits('ivy', 70n, 700n),
];

/**
 * Every command on holds, corrections, limits, status and leases, each in a block of its own, with
 * expiries by time between them. At the end some holds are open, and one account is leased while
 * others wait for it.
 */
export async function writeDepth({ world, pass }: Stage): Promise<void> {
  const { engine } = world;
  const submit = async (command: Command) => wordFor(engine.submit(envelope(command)));
  const [paid, group, ...orders] = Array.from({ length: 4 }, () => randomUUID()) as string[];
  for (const command of opening(paid ?? '', group ?? '', orders)) await submit(command);
  for (const command of corrections(paid ?? '', group ?? '', orders)) await submit(command);
  for (const command of holds(Array.from({ length: 3 }, () => randomUUID()))) await submit(command);
  for (const ttl of [1, 2, 3]) {
    await submit(hold(randomUUID(), { ttl }, [leg('eva', 'fay', BigInt(ttl))]));
  }
  // The next commands find three holds due.
  pass(5_000);
  for (const command of life) await submit(command);
  const [held, second, third, fourth, fifth] = Array.from({ length: 5 }, () =>
    randomUUID(),
  ) as string[] as [string, string, string, string, string];
  await submit(request(held, 'ivy', 1, 0));
  await submit(request(second, 'ivy', 60, 30, 'who waits'));
  // Its turn came by time.
  pass(2_000);
  engine.passLease('ivy');
  await submit({ type: 'RenewLease', account: 'ivy', lease: second, ttl: 120 });
  for (const id of [third, fourth, fifth]) await submit(request(id, 'ivy', 60, 30));
  await submit({ type: 'ReleaseLease', account: 'ivy', lease: second });
  await submit({ type: 'RenewLease', account: 'ivy', lease: third, ttl: 600 });
  await submit(request(randomUUID(), 'hal', 600, 0));
}
