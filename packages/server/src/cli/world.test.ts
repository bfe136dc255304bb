import { expect, test } from 'vitest';
import { goodsOf, readWorld } from './world.ts';

const reais = 100;
const world = readWorld();
const [alfa, ...others] = world;

test('three banks owe each other at most a million reais; their classic surfaces are on their ports', () => {
  expect(world.map(({ id }) => id)).toEqual(['alfa', 'beta', 'gama']);
  for (const { asset, exposureLimit } of world) {
    expect({ asset, exposureLimit }).toEqual({
      asset: 'BRL/2',
      exposureLimit: 1_000_000 * reais,
    });
  }
  expect(alfa?.classics).toEqual([
    { surface: 'pedidos', port: 3000 },
    { surface: 'dados', port: 5000 },
    { surface: 'negocio', port: 5001 },
    { surface: 'negocio', port: 5002 },
    { surface: 'negocio', port: 5003 },
    { surface: 'contas', port: 5010 },
  ]);
  expect(others.map(({ classics }) => classics)).toEqual([
    [{ surface: 'contas', port: 5011 }],
    [{ surface: 'contas', port: 5012 }],
  ]);
});

test('six customers of alfa: one with nothing, the others with 100 000 to 2 500 000 reais', () => {
  const people = alfa?.people ?? [];
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

test('four customers at each of the other banks, one of them with nothing, and no shop', () => {
  expect(others).toHaveLength(2);
  for (const { people, shop } of others) {
    expect(people.map(({ account }) => account)).toEqual([1, 2, 3, 4].map((n) => `cliente:${n}`));
    expect(people.filter(({ balance }) => balance >= 100_000 * reais)).toHaveLength(3);
    expect(people.filter(({ balance }) => balance === 0)).toHaveLength(1);
    expect(shop).toBeUndefined();
  }
});

test('everybody has a name of their own', () => {
  const names = world.flatMap(({ people }) => people.map(({ name }) => name));
  expect(new Set(names).size).toBe(14);
});

test('eleven products of 1 999 to 23 999 reais, 3 to 20 of each, sold by the shop', () => {
  const goods = alfa === undefined ? [] : goodsOf(alfa);
  expect(alfa?.shop?.merchant).toBe('loja');
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
