import { expect } from 'vitest';
import type { TestBank } from './bank-in-process.ts';

type Called = Pick<TestBank, 'call'>;

/** Opens an account in BRL/2 and, when asked to, deposits into it. */
export async function openAccount(
  bank: Called,
  id: string,
  balance = 0,
  asset = 'BRL/2',
): Promise<string> {
  const opened = await bank.call('POST', '/v1/accounts', { id, asset });
  expect(opened.status, opened.text).toBe(201);
  if (balance > 0) {
    const deposited = await bank.call('POST', '/v1/deposits', { account: id, amount: balance });
    expect(deposited.status, deposited.text).toBe(201);
  }
  return id;
}

/** `count` accounts `<prefix>-0`, `<prefix>-1`, …, each with the balance; all at once. */
export function openAccounts(
  bank: Called,
  prefix: string,
  count: number,
  balance: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  return Promise.all(ids.map((id) => openAccount(bank, id, balance)));
}

export interface SeededProduct {
  readonly sku: string;
  readonly price: number;
  readonly stock: number;
  readonly name?: string;
  readonly asset?: string;
  readonly merchant?: string;
}

export async function createProduct(bank: Called, product: SeededProduct): Promise<string> {
  const body = { name: `Product ${product.sku}`, asset: 'BRL/2', ...product };
  const created = await bank.call('POST', '/v1/products', body);
  expect(created.status, created.text).toBe(201);
  return product.sku;
}

export function createProducts(
  bank: Called,
  products: readonly SeededProduct[],
): Promise<string[]> {
  return Promise.all(products.map((product) => createProduct(bank, product)));
}

/** Runs `count` calls at once and gives their results in order. */
export function atOnce<Result>(
  count: number,
  call: (index: number) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** How many there are of each, e.g. `{ '201': 100, insufficient_stock: 900 }`. */
export function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
