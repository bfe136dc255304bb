import { expect, test } from 'vitest';
import { ORDER_LINES_MAX, SAFE_MAX } from './bounds.ts';
import type { PlaceOrder } from './command.ts';
import { mergeLines } from './decide-order.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { accountOf, type Town } from './town.fixture.ts';

function order(lines: readonly (readonly [string, bigint])[], more: Partial<PlaceOrder> = {}) {
  return {
    type: 'PlaceOrder',
    id: 'order',
    customer: 'ana',
    merchant: 'shop',
    lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
    expectedTotal: null,
    transferIds: Array.from({ length: lines.length + 1 }, (_, index) => `move-${index}`),
    ...more,
  } as const satisfies PlaceOrder;
}

function balanceOf(town: Town, id: string): bigint {
  const { creditsPosted, debitsPosted } = accountOf(town, id);
  return creditsPosted - debitsPosted;
}

test('money and goods move together', () => {
  const town = createFurnishedTown();
  const command = order([
    ['tea', 2n],
    ['pen', 3n],
  ]);
  expect(town.refusal(command)).toBeUndefined();
  expect(balanceOf(town, 'ana')).toBe(88n);
  expect(balanceOf(town, 'shop')).toBe(12n);
  expect([balanceOf(town, 'stock:tea'), balanceOf(town, 'sold:tea')]).toEqual([8n, 2n]);
  expect([balanceOf(town, 'stock:pen'), balanceOf(town, 'sold:pen')]).toEqual([7n, 3n]);
  expect(town.ledger.orders.get('order')).toMatchObject({ status: 'completed', total: 12n });
  const moves = ['move-0', 'move-1', 'move-2'].map((id) => town.ledger.transfers.get(id)?.to);
  expect(moves).toEqual(['shop', 'sold:tea', 'sold:pen']);
});

test('lines of one sku are one line, at the place of the first', () => {
  const lines = [
    { sku: 'pen', quantity: 1n },
    { sku: 'tea', quantity: 2n },
    { sku: 'pen', quantity: 4n },
  ];
  expect(mergeLines(lines)).toEqual([
    { sku: 'pen', quantity: 5n },
    { sku: 'tea', quantity: 2n },
  ]);
});

test('stock is counted over the lines of one sku', () => {
  const town = createFurnishedTown();
  const eleven = order([
    ['pen', 6n],
    ['pen', 5n],
  ]);
  expect(town.refusal(eleven)).toEqual({ code: 'insufficient_stock', sku: 'pen' });
  const ten = order([
    ['pen', 6n],
    ['pen', 4n],
  ]);
  const fact = town.tell({ ...ten, id: 'second' });
  const lines = [{ sku: 'pen', name: 'pen', unitPrice: 2n, quantity: 10n, total: 20n }];
  expect(fact).toMatchObject({ type: 'order.completed', lines, total: 20n });
  expect(fact).toMatchObject({ transferIds: ['move-0', 'move-1'] });
});

test('a refused order keeps the lines as they were asked for', () => {
  const town = createFurnishedTown();
  const lines = [
    { sku: 'pen', quantity: 6n },
    { sku: 'pen', quantity: 5n },
  ];
  town.tell(order([], { lines, transferIds: ['move-0', 'move-1'] }));
  expect(town.ledger.orders.get('order')).toMatchObject({ status: 'refused', lines });
});

test('a line that costs nothing moves goods only', () => {
  const town = createFurnishedTown();
  const fact = town.tell(order([['leaflet', 2n]], { customer: 'bia' }));
  expect(fact).toMatchObject({ type: 'order.completed', total: 0n });
  expect(town.ledger.isTransferTaken('move-0')).toBe(false);
  expect(town.ledger.transfers.get('move-1')).toMatchObject({ to: 'sold:leaflet', amount: 2n });
  expect(balanceOf(town, 'bia')).toBe(0n);
  const mixed = order(
    [
      ['leaflet', 1n],
      ['pen', 1n],
    ],
    { id: 'mixed', transferIds: ['a', 'b', 'c'] },
  );
  expect(town.tell(mixed)).toMatchObject({ type: 'order.completed', total: 2n });
});

test('name and price are those of the moment, and stay', () => {
  const town = createFurnishedTown();
  town.tell(order([['pen', 1n]]));
  const change = { type: 'ChangeProduct', sku: 'pen', version: 1, name: 'Pencil' } as const;
  town.tell({ ...change, price: 9n });
  town.tell(order([['pen', 1n]], { id: 'later', transferIds: ['a', 'b'] }));
  const [line] = [{ name: 'pen', unitPrice: 2n, total: 2n }];
  expect(town.ledger.orders.get('order')).toMatchObject({ lines: [line] });
  const later = { name: 'Pencil', unitPrice: 9n, total: 9n };
  expect(town.ledger.orders.get('later')).toMatchObject({ lines: [later] });
});

test('the expected total must be met exactly', () => {
  const town = createFurnishedTown();
  const wrong = order([['pen', 3n]], { expectedTotal: 5n });
  expect(town.refusal(wrong)).toEqual({ code: 'price_changed' });
  const right = order([['pen', 3n]], { id: 'right', expectedTotal: 6n });
  expect(town.refusal(right)).toBeUndefined();
});

test('a total may be as large as one amount', () => {
  const town = createFurnishedTown();
  const most = order([['pen', 500n]]);
  expect(town.refusal(most)).toEqual({ code: 'insufficient_stock', sku: 'pen' });
  const more = order([['pen', 501n]], { id: 'more' });
  expect(town.refusal(more)).toEqual({ code: 'amount_out_of_range' });
});

test('the id of an order is taken by transactions and refused orders too', () => {
  const town = createFurnishedTown();
  town.tell(order([['ghost', 1n]]));
  expect(town.refusal(order([['pen', 1n]]))).toEqual({ code: 'id_taken' });
});

test('only the ids that merged lines need are looked at and recorded', () => {
  const town = createFurnishedTown();
  const ids = ['a', 'b', 'used-transfer'];
  const merged = order(
    [
      ['pen', 1n],
      ['pen', 1n],
    ],
    { transferIds: ids },
  );
  expect(town.tell(merged)).toMatchObject({ transferIds: ['a', 'b'] });
});

test.each<[string, PlaceOrder]>([
  ['an order of 0 lines', order([])],
  [
    'an order of 101 lines',
    order(Array.from({ length: ORDER_LINES_MAX + 1 }, () => ['pen', 1n] as const)),
  ],
  ['without transfer ids', order([['pen', 1n]], { transferIds: ['a'] })],
  ['one id for two transfers', order([['pen', 1n]], { transferIds: ['a', 'a'] })],
  ['a quantity beyond', order([['pen', SAFE_MAX + 1n]])],
  ['a quantity beyond', order([['pen', -SAFE_MAX - 1n]])],
])('what the contract should have kept away throws: %s', (message, command) => {
  expect(() => createFurnishedTown().tell(command)).toThrow(message);
});

test('an order of the most lines is possible', () => {
  const lines = Array.from({ length: ORDER_LINES_MAX }, () => ['leaflet', 1n] as const);
  const refusal = { code: 'insufficient_stock', sku: 'leaflet' };
  expect(createFurnishedTown().refusal(order(lines))).toEqual(refusal);
});
