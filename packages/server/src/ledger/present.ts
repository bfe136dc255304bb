import type { AccountAnswer, TransferAnswer } from '@lastro/contract';
import { available, balance, type Account, type Fact, type Transfer } from '@lastro/core';
import type { Accepted } from '../http/run-command.ts';
import { toJsonInteger, toTimestamp, toWideInteger } from '../http/wire.ts';

export function presentAccount(account: Account): AccountAnswer {
  const free = available(account);
  return {
    id: account.id,
    asset: account.asset,
    balance: toWideInteger(balance(account)),
    held: toJsonInteger(account.debitsPending),
    available: free === null ? null : toWideInteger(free),
    creditLimit: account.creditLimit === null ? null : toJsonInteger(account.creditLimit),
    maximumBalance: account.maximumBalance === null ? null : toJsonInteger(account.maximumBalance),
    leasedUntil: account.leaseUntil === null ? null : toTimestamp(account.leaseUntil),
    status: account.status,
    version: account.version,
    createdAt: toTimestamp(account.createdAt),
    metadata: account.metadata,
  };
}

export function presentTransfer(transfer: Transfer, seq: number, at: string): TransferAnswer {
  return {
    id: transfer.id,
    status: 'posted',
    from: transfer.from,
    to: transfer.to,
    amount: toJsonInteger(transfer.amount),
    asset: transfer.asset,
    seq,
    at,
    metadata: transfer.metadata,
  };
}

/** A transfer that moves all or a part of an earlier one back. */
export function presentReversal(
  { reverses, transfer }: { readonly reverses: string; readonly transfer: Transfer },
  seq: number,
  at: string,
): TransferAnswer {
  return { ...presentTransfer(transfer, seq, at), reverses };
}

/** The account as its opening left it, which is also the answer of a repeated command. */
export function presentOpenedAccount(
  fact: Extract<Fact, { readonly type: 'account.opened' }>,
  { at }: Accepted,
): AccountAnswer {
  const { account, asset, creditLimit, maximumBalance, metadata } = fact;
  const limit = creditLimit === null ? null : toJsonInteger(creditLimit);
  return {
    id: account,
    asset,
    balance: 0,
    held: 0,
    available: limit,
    creditLimit: limit,
    maximumBalance: maximumBalance === null ? null : toJsonInteger(maximumBalance),
    leasedUntil: null,
    status: 'open',
    version: 1,
    createdAt: at,
    metadata,
  };
}
