import { available, balance, balanceMax, balanceMin, type Account } from './account.ts';
import { TURNOVER_MAX } from './bounds.ts';
import type { Refusal } from './refusal.ts';
import type { Terms } from './terms.ts';

/**
 * Why `amount` can't leave `from` and arrive on `to`; undefined when it can (invariant I2).
 * The amount is above zero and within the bank's bound; the caller has checked who may move what.
 */
export function movementRefusal(
  from: Account,
  to: Account,
  amount: bigint,
  terms: Terms,
): Refusal | undefined {
  if (from.id === to.id) return { code: 'same_account' };
  if (from.asset !== to.asset) return { code: 'asset_mismatch' };
  return debitRefusal(from, amount, terms) ?? creditRefusal(to, amount, terms);
}

function debitRefusal(account: Account, amount: bigint, terms: Terms): Refusal | undefined {
  if (account.status === 'frozen') return { code: 'account_frozen', account: account.id };
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };
  if (isLeasedToOthers(account, terms)) return { code: 'account_leased', account: account.id };
  if (account.debitsPosted + account.debitsPending + amount > TURNOVER_MAX) {
    return { code: 'balance_out_of_range', account: account.id };
  }
  const free = available(account);
  if (free === null) {
    const lowest = balance(account) - account.debitsPending - amount;
    return lowest < balanceMin(account)
      ? { code: 'balance_out_of_range', account: account.id }
      : undefined;
  }
  return free < amount ? { code: 'insufficient_funds', account: account.id } : undefined;
}

/** Whether a lease stands that this command does not write under. */
function isLeasedToOthers(account: Account, { at, leaseTokens }: Terms): boolean {
  const { leaseToken, leaseUntil } = account;
  if (leaseToken === null || leaseUntil === null || leaseUntil <= at) return false;
  return !leaseTokens.includes(leaseToken);
}

function creditRefusal(account: Account, amount: bigint, terms: Terms): Refusal | undefined {
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };
  if (isLeasedToOthers(account, terms)) return { code: 'account_leased', account: account.id };
  const credits = account.creditsPosted + account.creditsPending + amount;
  return credits > TURNOVER_MAX || credits - account.debitsPosted > balanceMax(account)
    ? { code: 'balance_out_of_range', account: account.id }
    : undefined;
}
