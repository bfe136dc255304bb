import { describe, expect, test } from 'vitest';
import {
  ACCOUNT_ID,
  cashAccount,
  isSystemAccount,
  isWideAccount,
  receivedAccount,
  SKU,
  soldAccount,
  stockAccount,
  writtenOffAccount,
} from './account-id.ts';

describe('what an account may be called', () => {
  test.each(['a', 'A-1', 'ana@example.com', 'a.b_c:d+e', 'x'.repeat(64)])('%s', (id) => {
    expect(ACCOUNT_ID.test(id)).toBe(true);
  });

  test.each(['', 'a/b', 'a b', 'a\n', 'ação', '"', '\\', 'x'.repeat(65)])('not %j', (id) => {
    expect(ACCOUNT_ID.test(id)).toBe(false);
  });
});

test.each(['cash:BRL', 'peer:beta:BRL', 'stock:x', 'sold:x', 'received:x', 'written-off:x'])(
  '%s belongs to the bank',
  (id) => {
    expect(isSystemAccount(id)).toBe(true);
  },
);

test.each(['cash', 'Cash:BRL', 'my-cash:BRL', 'stocks:x', 'ana'])('%s is a client’s', (id) => {
  expect(isSystemAccount(id)).toBe(false);
});

test('only cash and peers are wide', () => {
  expect(['cash:BRL', 'peer:b:BRL', 'stock:x', 'ana'].map(isWideAccount)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('the accounts of the longest sku are accounts of the bank with ids that are short enough', () => {
  const sku = 'x'.repeat(50);
  expect(SKU.test(sku)).toBe(true);
  for (const accountOf of [stockAccount, soldAccount, receivedAccount, writtenOffAccount]) {
    expect(ACCOUNT_ID.test(accountOf(sku))).toBe(true);
    expect(isSystemAccount(accountOf(sku))).toBe(true);
  }
  expect(ACCOUNT_ID.test(cashAccount('ABCDEFGHIJKLMNOP/18'))).toBe(true);
});
