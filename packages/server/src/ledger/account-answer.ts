import type { AccountAnswer } from '@lastro/contract';
import type { AccountChanged, AccountStatusChanged } from '@lastro/core';
import { toJsonInteger, toTimestamp, toWideInteger } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';
import { readAccount } from './queries.ts';

/** The account as a change of it left it; asset, birth and metadata are those of every time. */
export async function presentChangedAccount(
  reads: Snapshot,
  { account: id, left }: AccountChanged | AccountStatusChanged,
): Promise<AccountAnswer> {
  const account = await readAccount(reads, id);
  if (account === undefined) throw new Error('an account is gone');
  const { status, balance, held, creditLimit, maximumBalance, leasedUntil, version } = left;
  return {
    id,
    asset: account.asset,
    balance: toWideInteger(balance),
    held: toJsonInteger(held),
    available: creditLimit === null ? null : toWideInteger(balance - held + creditLimit),
    creditLimit: creditLimit === null ? null : toJsonInteger(creditLimit),
    maximumBalance: maximumBalance === null ? null : toJsonInteger(maximumBalance),
    leasedUntil: leasedUntil === null ? null : toTimestamp(leasedUntil),
    status,
    version,
    createdAt: toTimestamp(account.createdAt),
    metadata: account.metadata,
  };
}
