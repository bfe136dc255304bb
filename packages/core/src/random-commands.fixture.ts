import fc from 'fast-check';
import { SAFE_MAX } from './bounds.ts';
import type { Command, Condition, Expiry, HoldRequest, TransferRequest } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import { BLOCK_TIME } from './town.fixture.ts';

// Random commands in so small a world that they meet: few accounts, skus and ids, small amounts and
// the bounds themselves.

const CLIENT_ACCOUNTS = ['ana', 'bia', 'caio', 'dora', 'shop', 'mill'];
const STRANGE_ACCOUNTS = ['usd', 'ghost'];
const SYSTEM_ACCOUNTS = ['cash:BRL', 'stock:tea', 'received:tea'];

/** Mostly `usual`, now and then `rare`. */
export function mostly<T>(
  usual: fc.Arbitrary<T>,
  rare: fc.Arbitrary<T>,
  weight = 12,
): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

const account = mostly(
  fc.constantFrom(...CLIENT_ACCOUNTS),
  fc.constantFrom(...STRANGE_ACCOUNTS, ...STRANGE_ACCOUNTS, ...SYSTEM_ACCOUNTS),
  8,
);
const sku = mostly(fc.constantFrom('tea', 'pen'), fc.constantFrom('import', 'book'), 3);
const newSku = fc.constantFrom('tea', 'import', 'book', 'cup', 'hat');
/** Twelve digits, so that the ids that follow one are in the same small world. */
const transferId = fc.nat(300).map((number) => `t${number.toString(16).padStart(12, '0')}`);
/** Of transactions, orders and holds: they share their ids. */
const groupId = fc.nat(60).map((number) => `group-${number}`);
const earlierTransfer = mostly(
  fc.nat(300).map((number) => `t${number.toString(16).padStart(12, '0')}`),
  fc.constantFrom('first-ana', 'first-tea', 'first-gift'),
  6,
);
const condition: fc.Arbitrary<Condition | null> = mostly(
  fc.constant(null),
  fc.record({
    version: fc.option(fc.constantFrom(1, 2, 3, 4, 5)),
    balanceAtLeast: fc.option(fc.constantFrom(0n, 40n, 150n)),
  }),
  5,
);
const limit = fc.constantFrom(0n, 0n, 50n, null, -1n, SAFE_MAX, SAFE_MAX + 1n);
const ceiling = fc.constantFrom(null, null, 60n, 500n, SAFE_MAX, -1n, SAFE_MAX + 1n);
const HOUR = 3_600_000;
const expiry: fc.Arbitrary<Expiry> = fc.oneof(
  fc.constantFrom(1, 5, 60, 60, 3_600, 7_776_000, 7_776_001, 0).map((ttl) => ({ ttl })),
  fc.constantFrom(-1, 0, 1, 24, 91 * 24).map((hours) => ({ at: BLOCK_TIME + hours * HOUR })),
);
const leaseId = fc.nat(40).map((number) => `lease-${number}`);
const ttl = fc.constantFrom(1, 5, 5, 600);
const reason = fc.constantFrom(null, 'asked for', 'court');
const amount = mostly(
  fc.bigInt(1n, 60n),
  fc.constantFrom(0n, -1n, 1_000n, 1_001n, SAFE_MAX - 41n, SAFE_MAX, SAFE_MAX + 1n),
);
const quantity = mostly(
  fc.bigInt(1n, 6n),
  fc.constantFrom(0n, -1n, 1_000n, 1_001n, SAFE_MAX - 20n, SAFE_MAX),
);
const asset = mostly(
  fc.constantFrom('BRL/2', 'BRL/2', 'USD/2'),
  fc.constantFrom('BRL/3', 'sku:tea/0', 'EUR/2'),
  2,
);
const name = fc.constantFrom('Tea', 'Green tea', 'Pen', 'Chá "verde" 🍵');
const metadata = mostly(
  fc.constant(NO_METADATA),
  fc.constantFrom({ note: 'lunch' }, { b: '\u2028', a: '"' }),
);
const request: fc.Arbitrary<TransferRequest> = fc.record({
  id: transferId,
  from: account,
  to: account,
  amount,
  metadata,
  condition,
});

const anyPromise: fc.Arbitrary<HoldRequest> = request.map(({ id: _, ...wanted }) => wanted);
/** One that is mostly kept. */
const smallPromise: fc.Arbitrary<HoldRequest> = fc.record({
  from: fc.constantFrom('bia', 'caio', 'mill'),
  to: fc.constantFrom('ana', 'shop'),
  amount: fc.bigInt(1n, 9n),
  metadata,
  condition: fc.constant(null),
});

const smallTransfer: fc.Arbitrary<TransferRequest> = fc
  .tuple(transferId, smallPromise)
  .map(([id, wanted]) => ({ id, ...wanted }));

const overTheCounter = fc.record({ id: transferId, account, amount, metadata });

/** Anything that anybody may want. */
export const randomCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('OpenAccount'),
      account: mostly(fc.constantFrom('ghost', 'eva', 'rui', 'lia'), account, 3),
      asset,
      creditLimit: limit,
      maximumBalance: ceiling,
      metadata,
    }),
  },
  { weight: 6, arbitrary: request.map((wanted): Command => ({ type: 'PostTransfer', ...wanted })) },
  {
    weight: 3,
    arbitrary: overTheCounter.map((wanted): Command => ({ type: 'Deposit', ...wanted })),
  },
  {
    weight: 2,
    arbitrary: overTheCounter.map((wanted): Command => ({ type: 'Withdraw', ...wanted })),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('PostTransaction'),
      id: groupId,
      transfers: mostly(
        fc.array(smallTransfer, { minLength: 1, maxLength: 3 }),
        fc.array(request, { minLength: 1, maxLength: 4 }),
        1,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('CreateProduct'),
      sku: newSku,
      name,
      price: mostly(fc.bigInt(0n, 9n), amount),
      asset,
      merchant: fc.option(account),
      stock: mostly(fc.bigInt(0n, 20n), amount),
      transferId,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ChangeProduct'),
      sku,
      version: fc.constantFrom(1, 1, 2, 3),
      name: fc.option(name),
      price: fc.option(mostly(fc.bigInt(0n, 9n), amount)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('ReceiveGoods'), sku, quantity, transferId }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('AdjustGoods'),
      sku,
      quantity: fc.tuple(quantity, fc.constantFrom(1n, -1n)).map(([size, sign]) => size * sign),
      reason: fc.constantFrom('counted', 'broken', ''),
      transferId,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('PlaceOrder'),
      id: groupId,
      customer: account,
      merchant: mostly(fc.constant('shop'), account, 2),
      lines: fc.array(fc.record({ sku, quantity }), { minLength: 1, maxLength: 3 }),
      expectedTotal: mostly(fc.constant(null), fc.bigInt(0n, 30n), 4),
      transferIds: fc.uniqueArray(transferId, { minLength: 4, maxLength: 6 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('PlaceHold'),
      id: groupId,
      transfers: fc.array(mostly(smallPromise, anyPromise, 3), { minLength: 1, maxLength: 3 }),
      expiry: fc.oneof(fc.constant({ ttl: 600 }), expiry),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('CaptureHold'),
      hold: groupId,
      amount: fc.option(fc.oneof(fc.bigInt(1n, 20n), amount)),
      transferId,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('ReleaseHold'), hold: groupId }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ExtendHold'),
      hold: groupId,
      expiry: fc.oneof(fc.constant({ ttl: 3_600 }), expiry),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('ReverseTransfer'),
      id: transferId,
      reverses: earlierTransfer,
      amount: fc.option(fc.oneof(fc.bigInt(1n, 20n), amount)),
      metadata,
      mayMoveCash: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('ReverseTransaction'),
      id: groupId,
      reverses: groupId,
      transferId,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('CancelOrder'),
      order: groupId,
      id: groupId,
      transferId,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('ChangeAccount'),
      account,
      version: fc.option(fc.constantFrom(1, 2, 3), { freq: 2 }),
      creditLimit: fc.option(limit.map((to) => ({ to }))),
      maximumBalance: fc.option(ceiling.map((to) => ({ to }))),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('FreezeAccount', 'UnfreezeAccount', 'CloseAccount', 'ReopenAccount'),
      account: mostly(fc.constantFrom('ana', 'caio', 'dora', 'mill'), account, 4),
      reason,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('RequestLease'),
      id: leaseId,
      account: mostly(fc.constantFrom('ana', 'ana', 'bia'), account, 6),
      owner: fc.constantFrom('robot', 'till 2'),
      ttl,
      wait: fc.constantFrom(0, 1, 30, 30),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('RenewLease'),
      account: fc.constantFrom('ana', 'bia'),
      lease: leaseId,
      ttl,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('ReleaseLease'),
      account: fc.constantFrom('ana', 'bia'),
      lease: leaseId,
      ifWaiting: mostly(fc.constant(false), fc.constant(true), 3),
    }),
  },
);
