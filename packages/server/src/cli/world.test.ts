import { expect, test } from 'vitest';
import { readWorld } from './world.ts';

const reais = 100;
const world = readWorld();

test('there is one bank, alfa, with the classic surfaces on their ports', () => {
  expect(world.map(({ id, asset, classics }) => ({ id, asset, classics }))).toEqual([
    {
      id: 'alfa',
      asset: 'BRL/2',
      classics: [
        { surface: 'pedidos', port: 3000 },
        { surface: 'dados', port: 5000 },
        { surface: 'negocio', port: 5001 },
        { surface: 'negocio', port: 5002 },
        { surface: 'negocio', port: 5003 },
      ],
    },
  ]);
});

test('six customers: one with nothing, the others with 100 000 to 2 500 000 reais', () => {
  const people = world[0]?.people ?? [];
  expect(people.map(({ account }) => account)).toEqual(
    [1, 2, 3, 4, 5, 6].map((n) => `cliente:${n}`),
  );
  const balances = people.map(({ balance }) => balance).filter((balance) => balance > 0);
  expect(balances).toHaveLength(5);
  for (const balance of balances) {
    expect(balance).toBeGreaterThanOrEqual(100_000 * reais);
    expect(balance).toBeLessThanOrEqual(2_500_000 * reais);
  }
});

test('eleven products of 1 999 to 23 999 reais, 3 to 20 of each, sold by the shop', () => {
  const shop = world[0]?.shop;
  const goods = shop?.goods ?? [];
  expect(shop?.merchant).toBe('loja');
  expect(goods.map(({ sku }) => sku)).toEqual(
    Array.from({ length: 11 }, (_, index) => `produto:${index + 1}`),
  );
  for (const { price, stock } of goods) {
    expect(price).toBeGreaterThanOrEqual(1_999 * reais);
    expect(price).toBeLessThanOrEqual(23_999 * reais);
    expect(stock).toBeGreaterThanOrEqual(3);
    expect(stock).toBeLessThanOrEqual(20);
  }
  expect(new Set(goods.map(({ name }) => name)).size).toBe(11);
});
