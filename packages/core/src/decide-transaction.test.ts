import { expect, test } from 'vitest';
import { TRANSACTION_TRANSFERS_MAX } from './bounds.ts';
import type { PostTransaction } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';

/** `ana bia 5`: five from ana to bia, each under an id of its own. */
function transaction(...moves: readonly string[]): PostTransaction {
  const transfers = moves.map((move, index) => {
    const [from = '', to = '', amount = '0', id = `leg-${index}`] = move.split(' ');
    return { id, from, to, amount: BigInt(amount), metadata: NO_METADATA, condition: null };
  });
  return { type: 'PostTransaction', id: 'n', transfers };
}

test('each transfer is judged after those before it', () => {
  const there = createFurnishedTown();
  expect(there.refusal(transaction('ana bia 100', 'bia shop 100'))).toBeUndefined();
  const back = createFurnishedTown();
  const refusal = { code: 'insufficient_funds', account: 'bia' };
  expect(back.refusal(transaction('bia shop 100', 'ana bia 100'))).toEqual(refusal);
});

test('the same account pays only once what it has', () => {
  const refusal = { code: 'insufficient_funds', account: 'ana' };
  const town = createFurnishedTown();
  expect(town.refusal(transaction('ana bia 60', 'ana shop 41'))).toEqual(refusal);
  expect(town.refusal(transaction('ana bia 60', 'ana shop 40'))).toBeUndefined();
});

test('one refused transfer refuses all, with the first refusal', () => {
  const town = createFurnishedTown();
  const before = new Map(town.ledger.accounts);
  const refusal = { code: 'account_not_found', account: 'ghost' };
  expect(town.refusal(transaction('ana bia 5', 'ana ghost 5', 'ana bia 0'))).toEqual(refusal);
  expect(town.ledger.accounts).toEqual(before);
  expect(town.ledger.transfers.has('leg-0')).toBe(false);
  expect(town.ledger.isTransactionTaken('n')).toBe(false);
});

test('two transfers under one id are refused', () => {
  const town = createFurnishedTown();
  const twice = transaction('ana bia 1 same', 'ana bia 1 same');
  expect(town.refusal(twice)).toEqual({ code: 'id_taken' });
});

test('transfers of several assets may go together', () => {
  const town = createFurnishedTown();
  town.tell({ type: 'Deposit', id: 'usd', account: 'usd', amount: 5n, metadata: NO_METADATA });
  const asset = 'USD/2';
  const open = { ...REFUSAL_CASES.OpenAccount.accepted, account: 'eva', asset };
  town.tell(open);
  expect(town.refusal(transaction('ana bia 5', 'usd eva 5'))).toBeUndefined();
});

test('transfers stand in their order, with the balances after each', () => {
  const town = createFurnishedTown();
  town.tell(transaction('ana bia 10', 'bia shop 4', 'ana bia 1'));
  const legs = ['leg-0', 'leg-1', 'leg-2'].map((id) => town.ledger.transfers.get(id));
  expect(legs).toMatchObject([
    { leg: 0, transaction: 'n', fromBalance: 90n, toBalance: 10n },
    { leg: 1, transaction: 'n', fromBalance: 6n, toBalance: 4n },
    { leg: 2, transaction: 'n', fromBalance: 89n, toBalance: 7n },
  ]);
});

test('its size is bounded, and the contract has checked that', () => {
  const town = createFurnishedTown();
  const most = Array.from({ length: TRANSACTION_TRANSFERS_MAX }, () => 'mill ana 1');
  expect(() => town.tell(transaction())).toThrow('0 transfers');
  expect(() => town.tell(transaction(...most, 'mill ana 1'))).toThrow('1001 transfers');
  const refusal = { code: 'insufficient_funds', account: 'mill' };
  expect(town.refusal(transaction(...most))).toEqual(refusal);
});
