import type { AccountAnswer, Consistency, ProductAnswer, TrialBalance } from '@lastro/contract';
import { expect } from 'vitest';
import type { TestBank } from './bank-in-process.ts';

type Called = Pick<TestBank, 'call'>;

/** The books are right: no invariant is broken, and per asset debits equal credits. */
export async function checkBooks(bank: Called): Promise<void> {
  const consistency = await bank.call<Consistency>('GET', '/v1/consistency');
  expect(consistency.status, consistency.text).toBe(200);
  const broken = consistency.body.invariants.filter(({ ok }) => !ok);
  expect(broken, 'broken invariants and their offenders').toEqual([]);
  expect(consistency.body.ok).toBe(true);
  const { assets } = await trialBalanceOf(bank);
  const unbalanced = assets.filter(
    (line) =>
      line.debits !== line.credits ||
      line.pendingDebits !== line.pendingCredits ||
      line.balance !== '0',
  );
  expect(unbalanced, 'assets that don’t balance').toEqual([]);
}

export async function trialBalanceOf(bank: Called): Promise<TrialBalance> {
  const { status, body, text } = await bank.call<TrialBalance>('GET', '/v1/trial-balance');
  expect(status, text).toBe(200);
  return body;
}

/** Number of the newest event: what was recorded moves it on. */
export async function headSeqOf(bank: Called): Promise<number> {
  return (await trialBalanceOf(bank)).seq;
}

export async function balanceOf(bank: Called, account: string): Promise<bigint> {
  const path = `/v1/accounts/${encodeURIComponent(account)}`;
  const { status, body, text } = await bank.call<AccountAnswer>('GET', path);
  expect(status, text).toBe(200);
  return BigInt(body.balance);
}

export async function productOf(bank: Called, sku: string): Promise<ProductAnswer> {
  const path = `/v1/products/${encodeURIComponent(sku)}`;
  const { status, body, text } = await bank.call<ProductAnswer>('GET', path);
  expect(status, text).toBe(200);
  return body;
}

/** Units free to sell. */
export async function stockOf(bank: Called, sku: string): Promise<number> {
  return (await productOf(bank, sku)).stock;
}
