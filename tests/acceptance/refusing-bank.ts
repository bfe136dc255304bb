import type { ApiKeyList, NewApiKeyAnswer, Problem, Scope } from '@lastro/contract';
import { expect } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, trialBalanceOf } from '../harness/books.ts';
import type { CallOptions, Method } from '../harness/http-caller.ts';
import { createProduct, openAccount } from '../harness/seeding.ts';
import { WORLD } from './every-route.ts';
import { faultOfProblem } from './problem-document.ts';

/** A bank with the things that `every-route.ts` names, and a key of each narrower scope. */
export interface RefusingBank extends BankInProcess {
  readonly keys: Readonly<Record<Exclude<Scope, 'admin'>, string>>;
}

export async function startRefusingBank(): Promise<RefusingBank> {
  const bank = await startBankInProcess();
  await openAccount(bank, WORLD.account, 10_000);
  await openAccount(bank, WORLD.other, 10_000);
  await createProduct(bank, { sku: WORLD.sku, price: 10, stock: 50 });
  const createKey = async (scope: Scope) => {
    const body = { name: scope, scope };
    return (await bank.call<NewApiKeyAnswer>('POST', '/v1/api-keys', body)).body.key;
  };
  return { ...bank, keys: { read: await createKey('read'), write: await createKey('write') } };
}

/** A request with what it must be answered with. */
export interface Attempt {
  readonly what: string;
  readonly method: Method;
  readonly path: string;
  readonly options?: CallOptions;
  readonly status: number;
  readonly codes: readonly string[];
}

/** Every attempt gets its problem document and nothing at all changes, not even the order of events. */
export async function expectRefusedWithoutTrace(
  bank: RefusingBank,
  attempts: readonly Attempt[],
): Promise<void> {
  expect(attempts.length).toBeGreaterThan(0);
  const before = await trialBalanceOf(bank);
  const faults = await Promise.all(
    attempts.map(async ({ what, method, path, options, status, codes }) => {
      const reply = await bank.call<Partial<Problem>>(method, path, undefined, options);
      const fault = faultOfProblem(reply, status, codes, [
        bank.adminKey,
        bank.keys.read,
        bank.keys.write,
      ]);
      return fault === undefined ? [] : [`${what}: ${fault}`];
    }),
  );
  expect(faults.flat()).toEqual([]);
  expect(await trialBalanceOf(bank)).toEqual(before);
}

/** Sound books, no key more than in the beginning, and nothing that the log complains about. */
export async function expectUntouched(bank: RefusingBank): Promise<void> {
  await checkBooks(bank);
  const { body } = await bank.call<ApiKeyList>('GET', '/v1/api-keys');
  expect(body.data.map(({ name }) => name).toSorted()).toEqual(['read', 'write']);
  expect(bank.complaints).toEqual([]);
}

export const JSON_TYPE = { 'content-type': 'application/json' };
