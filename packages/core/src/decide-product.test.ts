import { expect, test } from 'vitest';
import { balance } from './account.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { accountOf, type Town } from './town.fixture.ts';

function unitsOf(town: Town, sku: string) {
  const count = (shelf: string) => balance(accountOf(town, `${shelf}:${sku}`));
  return {
    received: -count('received'),
    stock: count('stock'),
    sold: count('sold'),
    writtenOff: count('written-off'),
  };
}

test('a product begins with its four accounts and its first stock', () => {
  const town = createFurnishedTown();
  town.tell(REFUSAL_CASES.CreateProduct.accepted);
  expect(unitsOf(town, 'new')).toEqual({ received: 1n, stock: 1n, sold: 0n, writtenOff: 0n });
  expect(accountOf(town, 'stock:new')).toMatchObject({ asset: 'sku:new/0', creditLimit: 0n });
  expect(town.ledger.product('new')).toMatchObject({ version: 1, price: 1n, merchant: 'shop' });
});

test('a product without stock moves nothing and takes no id', () => {
  const town = createFurnishedTown();
  const { accepted } = REFUSAL_CASES.CreateProduct;
  expect(town.refusal({ ...accepted, stock: 0n, transferId: 'used-transfer' })).toBeUndefined();
  expect(unitsOf(town, 'new')).toEqual({ received: 0n, stock: 0n, sold: 0n, writtenOff: 0n });
});

test('a malformed sku should not have passed the contract', () => {
  const { accepted } = REFUSAL_CASES.CreateProduct;
  const town = createFurnishedTown();
  expect(() => town.tell({ ...accepted, sku: 'a/b' })).toThrow('malformed sku');
  expect(() => town.tell({ ...accepted, sku: 'x'.repeat(51) })).toThrow('malformed sku');
  expect(town.refusal({ ...accepted, sku: 'x'.repeat(50) })).toBeUndefined();
});

test('goods arrive, are written off and found again', () => {
  const town = createFurnishedTown();
  const transferIds = ['a', 'b', 'c'] as const;
  const adjust = { type: 'AdjustGoods', sku: 'tea', reason: 'counted' } as const;
  town.tell({ type: 'ReceiveGoods', sku: 'tea', quantity: 5n, transferId: transferIds[0] });
  expect(unitsOf(town, 'tea')).toEqual({ received: 15n, stock: 15n, sold: 0n, writtenOff: 0n });
  town.tell({ ...adjust, quantity: -15n, transferId: transferIds[1] });
  expect(unitsOf(town, 'tea')).toEqual({ received: 15n, stock: 0n, sold: 0n, writtenOff: 15n });
  town.tell({ ...adjust, quantity: 2n, transferId: transferIds[2] });
  expect(unitsOf(town, 'tea')).toEqual({ received: 17n, stock: 2n, sold: 0n, writtenOff: 15n });
});

test('no more can be written off than lies there', () => {
  const town = createFurnishedTown();
  const adjust = { type: 'AdjustGoods', sku: 'tea', reason: 'lost', transferId: 'a' } as const;
  const refusal = { code: 'insufficient_stock', sku: 'tea' };
  expect(town.refusal({ ...adjust, quantity: -11n })).toEqual(refusal);
  expect(town.refusal({ ...adjust, quantity: -10n })).toBeUndefined();
});

test('what a change leaves out stays, and every change is a version', () => {
  const town = createFurnishedTown();
  const change = { type: 'ChangeProduct', sku: 'tea', name: null, price: null } as const;
  town.tell({ ...change, version: 1, name: 'Black tea' });
  expect(town.ledger.product('tea')).toMatchObject({ name: 'Black tea', price: 3n, version: 2 });
  town.tell({ ...change, version: 2, price: 0n });
  expect(town.ledger.product('tea')).toMatchObject({ name: 'Black tea', price: 0n, version: 3 });
  expect(town.refusal({ ...change, version: 2 })).toEqual({ code: 'version_conflict' });
});
