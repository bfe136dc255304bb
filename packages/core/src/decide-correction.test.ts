import { expect, test } from 'vitest';
import { balance } from './account.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { accountOf, type Town } from './town.fixture.ts';

const reversal = { ...REFUSAL_CASES.ReverseTransfer.accepted, amount: null };
const { accepted: wholeReversal } = REFUSAL_CASES.ReverseTransaction;
const { accepted: cancellation } = REFUSAL_CASES.CancelOrder;

function balanceOf(town: Town, id: string): bigint {
  return balance(accountOf(town, id));
}

test('reversals of one transfer are never more than it, whoever is first', () => {
  const town = createFurnishedTown();
  const before = balanceOf(town, 'rita');
  expect(town.refusal({ ...reversal, amount: 7n, id: 'r1' })).toBeUndefined();
  const exceeded = { code: 'amount_exceeded', remaining: 3n };
  expect(town.refusal({ ...reversal, amount: 4n, id: 'r2' })).toEqual(exceeded);
  expect(town.refusal({ ...reversal, amount: 3n, id: 'r3' })).toBeUndefined();
  const nothing = { code: 'amount_exceeded', remaining: 0n };
  expect(town.refusal({ ...reversal, amount: 1n, id: 'r4' })).toEqual(nothing);
  expect(town.refusal({ ...reversal, id: 'r5' })).toEqual(nothing);
  expect(balanceOf(town, 'rita') - before).toBe(10n);
});

test('without an amount it moves back what is left', () => {
  const town = createFurnishedTown();
  const fact = town.tell({ ...reversal, reverses: 'partly', metadata: { why: 'wrong' } });
  const transfer = { id: 'n', from: 'nina', to: 'rita', amount: 6n, metadata: { why: 'wrong' } };
  expect(fact).toMatchObject({ type: 'transfer.reversed', reverses: 'partly', transfer });
  expect(town.ledger.correctable('partly')).toMatchObject({ reversed: 10n });
  expect(town.ledger.transfers.get('n')).toMatchObject({ transaction: null });
});

test('deposits and withdrawals are moved back by who may move cash', () => {
  const town = createFurnishedTown();
  const system = { code: 'system_account', account: 'cash:BRL' };
  const before = balanceOf(town, 'cash:BRL');
  for (const reverses of ['deposit-rita', 'w']) {
    expect(town.refusal({ ...reversal, reverses, amount: 1n })).toEqual(system);
    const allowed = { ...reversal, reverses, amount: 1n, mayMoveCash: true };
    expect(town.refusal({ ...allowed, id: `back-${reverses}` })).toBeUndefined();
  }
  expect(balanceOf(town, 'cash:BRL')).toBe(before);
});

test('a hold of one transfer is moved back like any transfer', () => {
  const town = createFurnishedTown();
  const back = { ...reversal, reverses: 'capture' };
  expect(town.refusal({ ...back, amount: 5n, id: 'x' })).toMatchObject({ remaining: 4n });
  expect(town.refusal(back)).toBeUndefined();
});

test('a reversal is judged by the account that pays it', () => {
  const town = createFurnishedTown();
  town.tell({ type: 'FreezeAccount', account: 'rita', reason: null });
  // Credits arrive on a frozen account.
  expect(town.refusal(reversal)).toBeUndefined();
  town.tell({ type: 'FreezeAccount', account: 'nina', reason: null });
  const frozen = { code: 'account_frozen', account: 'nina' };
  expect(town.refusal({ ...reversal, reverses: 'partly', id: 'm' })).toEqual(frozen);
});

test('a transaction is moved back as a whole, its last transfer first, once', () => {
  const town = createFurnishedTown();
  const before = ['rita', 'nina', 'stall'].map((id) => balanceOf(town, id));
  town.tell(wholeReversal);
  const after = ['rita', 'nina', 'stall'].map((id) => balanceOf(town, id));
  expect(after.map((sum, index) => sum - (before[index] ?? 0n))).toEqual([2n, -1n, -1n]);
  const legs = ['free-000000000001', 'free-000000000002'].map((id) =>
    town.ledger.transfers.get(id),
  );
  expect(legs).toMatchObject([
    { from: 'stall', to: 'nina', amount: 1n, leg: 0, transaction: 'n' },
    { from: 'nina', to: 'rita', amount: 2n, leg: 1, transaction: 'n' },
  ]);
  const again = { ...wholeReversal, id: 'm', transferId: 'more-000000000001' };
  expect(town.refusal(again)).toEqual({ code: 'already_reversed' });
});

test('each transfer back is judged after those before it, so that what comes back can go on', () => {
  const town = createFurnishedTown();
  const move = { metadata: {}, condition: null };
  town.tell({
    type: 'PostTransaction',
    id: 'through',
    transfers: [
      { ...move, id: 't1', from: 'ana', to: 'bia', amount: 50n },
      { ...move, id: 't2', from: 'bia', to: 'shop', amount: 50n },
    ],
  });
  expect(balanceOf(town, 'bia')).toBe(0n);
  expect(town.refusal({ ...wholeReversal, reverses: 'through' })).toBeUndefined();
  expect([balanceOf(town, 'ana'), balanceOf(town, 'shop')]).toEqual([100n, 0n]);
});

test('one transfer that can’t be moved back keeps all of them', () => {
  const town = createFurnishedTown();
  const before = new Map(town.ledger.accounts);
  const frozen = { code: 'account_frozen', account: 'frozen' };
  expect(town.refusal({ ...wholeReversal, reverses: 'frozen-pair' })).toEqual(frozen);
  expect(town.ledger.accounts).toEqual(before);
});

test('a captured group is moved back as a whole', () => {
  const town = createFurnishedTown();
  expect(town.refusal({ ...wholeReversal, reverses: 'captured-group' })).toBeUndefined();
});

test('cancelling an order returns money and goods as one', () => {
  const town = createFurnishedTown();
  const before = ['rita', 'stall', 'stock:mug', 'sold:mug'].map((id) => balanceOf(town, id));
  const fact = town.tell(cancellation);
  const after = ['rita', 'stall', 'stock:mug', 'sold:mug'].map((id) => balanceOf(town, id));
  expect(after.map((sum, index) => sum - (before[index] ?? 0n))).toEqual([4n, -4n, 2n, -2n]);
  const [money, goods] = [{ amount: 4n }, { from: 'sold:mug', to: 'stock:mug', amount: 2n }];
  expect(fact).toMatchObject({ order: 'bought', id: 'n', transfers: [money, goods] });
  expect(town.ledger.order('bought')).toMatchObject({ state: 'cancelled' });
  const again = { ...cancellation, id: 'm', transferId: 'more-000000000001' };
  const refusal = { code: 'order_not_completed', status: 'cancelled' };
  expect(town.refusal(again)).toEqual(refusal);
});

test('an order that cost nothing gives back its goods alone', () => {
  const town = createFurnishedTown();
  const transferIds = ['o1', 'o2'];
  const lines = [{ sku: 'leaflet', quantity: 3n }];
  town.tell({ ...REFUSAL_CASES.PlaceOrder.accepted, id: 'gift', lines, transferIds });
  const fact = town.tell({ ...cancellation, order: 'gift' });
  expect(fact).toMatchObject({ transfers: [{ from: 'sold:leaflet', amount: 3n }] });
  expect(balanceOf(town, 'stock:leaflet')).toBe(10n);
});
