import { expect, test } from 'vitest';
import { SAFE_MAX } from './bounds.ts';
import type { Command } from './command.ts';
import { changed, createFurnishedTown } from './furnished-town.fixture.ts';
import { metadata, request } from './refusal-case.fixture.ts';
import { accountOf, type Town } from './town.fixture.ts';

const transfer = { type: 'PostTransfer', ...request } as const;
const freeze = { type: 'FreezeAccount', account: 'ana', reason: 'court' } as const;
const unfreeze = { ...freeze, type: 'UnfreezeAccount' } as const;
const close = { type: 'CloseAccount', account: 'bia', reason: null } as const;
const reopen = { ...close, type: 'ReopenAccount' } as const;

function deposit(account: string, amount: bigint): Command {
  return { type: 'Deposit', id: `${account}-${amount}`, account, amount, metadata };
}

function hold(from: string, to: string, amount: bigint): Command {
  const transfers = [{ from, to, amount, metadata, condition: null }];
  return { type: 'PlaceHold', id: 'hold', transfers, expiry: { ttl: 60 } };
}

function limits(town: Town, id: string) {
  const { creditLimit, maximumBalance, version } = accountOf(town, id);
  return { creditLimit, maximumBalance, version };
}

test('a limit that isn’t named stays, one that is null goes, and the version rises', () => {
  const town = createFurnishedTown();
  const { version } = accountOf(town, 'bia');
  town.tell(changed('bia', { creditLimit: { to: 5n }, maximumBalance: { to: 70n } }));
  const both = { creditLimit: 5n, maximumBalance: 70n, version: version + 1 };
  expect(limits(town, 'bia')).toEqual(both);
  town.tell(changed('bia', { creditLimit: { to: 6n } }));
  expect(limits(town, 'bia')).toEqual({ ...both, creditLimit: 6n, version: version + 2 });
  town.tell(changed('bia', { maximumBalance: { to: null } }));
  expect(limits(town, 'bia')).toMatchObject({ creditLimit: 6n, maximumBalance: null });
  town.tell(changed('bia', { creditLimit: { to: null } }));
  expect(limits(town, 'bia')).toMatchObject({ creditLimit: null });
});

test('the version that the caller saw must still be there', () => {
  const town = createFurnishedTown();
  const { version } = accountOf(town, 'ana');
  const change = changed('ana', { version, creditLimit: { to: 5n } });
  expect(town.refusal(change)).toBeUndefined();
  expect(town.refusal(change)).toEqual({ code: 'version_conflict' });
});

test('a credit limit can’t be cut below what is owed and promised', () => {
  const town = createFurnishedTown();
  const set = (to: bigint) => town.refusal(changed('bia', { creditLimit: { to } }));
  const refusal = { code: 'limit_in_use', account: 'bia' };
  expect(set(20n)).toBeUndefined();
  town.tell({ ...transfer, from: 'bia', to: 'ana', amount: 7n });
  town.tell(hold('bia', 'ana', 4n));
  expect(set(10n)).toEqual(refusal);
  expect(set(11n)).toBeUndefined();
});

test('a maximum balance can’t be cut below what is there and promised', () => {
  const town = createFurnishedTown();
  const set = (to: bigint) => town.refusal(changed('bia', { maximumBalance: { to } }));
  const refusal = { code: 'limit_in_use', account: 'bia' };
  town.tell(transfer);
  town.tell(hold('ana', 'bia', 4n));
  expect(set(4n)).toEqual(refusal);
  expect(set(5n)).toBeUndefined();
  expect(town.refusal(deposit('bia', 1n))).toEqual({
    code: 'balance_out_of_range',
    account: 'bia',
  });
});

test('balance and credit limit together stay within the largest sum', () => {
  const town = createFurnishedTown();
  const set = (to: bigint) => town.refusal(changed('ana', { creditLimit: { to } }));
  expect(set(SAFE_MAX - 99n)).toEqual({ code: 'limit_in_use', account: 'ana' });
  expect(set(SAFE_MAX - 100n)).toBeUndefined();
});

test('frozen, nothing leaves and credits arrive, until it is unfrozen', () => {
  const town = createFurnishedTown();
  expect(town.tell(freeze)).toMatchObject({
    type: 'account.frozen',
    account: 'ana',
    reason: 'court',
  });
  const frozen = { code: 'account_frozen', account: 'ana' };
  expect(town.refusal(transfer)).toEqual(frozen);
  expect(town.refusal(hold('ana', 'bia', 1n))).toEqual(frozen);
  expect(town.refusal(deposit('ana', 1n))).toBeUndefined();
  expect(town.refusal(changed('ana', { creditLimit: { to: 5n } }))).toBeUndefined();
  expect(town.refusal(unfreeze)).toBeUndefined();
  expect(town.refusal(transfer)).toBeUndefined();
});

test('closed only when empty and without promises; then nothing moves until it is reopened', () => {
  const town = createFurnishedTown();
  const notEmpty = { code: 'account_not_empty', account: 'bia' };
  town.tell(hold('ana', 'bia', 1n));
  expect(town.refusal(close)).toEqual(notEmpty);
  town.tell({ type: 'ReleaseHold', hold: 'hold' });
  town.tell(transfer);
  expect(town.refusal(close)).toEqual(notEmpty);
  town.tell({ type: 'Withdraw', id: 'x', account: 'bia', amount: 1n, metadata });
  expect(town.refusal(close)).toBeUndefined();
  const closed = { code: 'account_closed', account: 'bia' };
  expect(town.refusal(deposit('bia', 1n))).toEqual(closed);
  expect(town.refusal(close)).toEqual(closed);
  expect(town.refusal(reopen)).toBeUndefined();
  expect(town.refusal(deposit('bia', 2n))).toBeUndefined();
});

test('an account with a promise to pay is not closed, though it be at zero', () => {
  const town = createFurnishedTown();
  town.tell(changed('bia', { creditLimit: { to: 5n } }));
  town.tell(hold('bia', 'ana', 1n));
  expect(town.refusal(close)).toEqual({ code: 'account_not_empty', account: 'bia' });
});

test('an empty frozen account may be closed', () => {
  const town = createFurnishedTown();
  town.tell({ ...freeze, account: 'bia' });
  expect(town.refusal(close)).toBeUndefined();
  expect(accountOf(town, 'bia').status).toBe('closed');
});

test('a transfer’s condition is judged against the account that pays, as it stands', () => {
  const town = createFurnishedTown();
  const { version } = accountOf(town, 'ana');
  const failed = (condition: string) => ({ code: 'condition_failed', condition });
  const given = (balanceAtLeast: bigint | null, of: number | null) => ({
    ...transfer,
    id: `${balanceAtLeast} ${of}`,
    condition: { balanceAtLeast, version: of },
  });
  expect(town.refusal(given(101n, version))).toEqual(failed('ifBalanceAtLeast'));
  expect(town.refusal(given(100n, version + 1))).toEqual(failed('ifVersion'));
  expect(town.refusal(given(100n, version))).toBeUndefined();
  expect(town.refusal(given(null, version))).toEqual(failed('ifVersion'));
  expect(town.refusal(given(100n, null))).toEqual(failed('ifBalanceAtLeast'));
});

test('within a transaction a condition sees the transfers before', () => {
  const town = createFurnishedTown();
  const condition = { version: null, balanceAtLeast: 100n };
  const transfers = [
    { ...request, id: 'a' },
    { ...request, id: 'b', condition },
  ];
  const refusal = { code: 'condition_failed', condition: 'ifBalanceAtLeast' };
  expect(town.refusal({ type: 'PostTransaction', id: 'm', transfers })).toEqual(refusal);
});
