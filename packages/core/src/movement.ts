import { available, balance, balanceMax, balanceMin, type Account } from './account.ts';
import { TURNOVER_MAX } from './bounds.ts';
import type { Refusal } from './refusal.ts';

/**
 * Why `amount` can't leave `from` and arrive on `to`; undefined when it can (invariant I2).
 * The amount is above zero and within the bank's bound; the caller has checked who may move what.
 */
export function movementRefusal(from: Account, to: Account, amount: bigint): Refusal | undefined {
  if (from.id === to.id) return { code: 'same_account' };
  if (from.asset !== to.asset) return { code: 'asset_mismatch' };
  return debitRefusal(from, amount) ?? creditRefusal(to, amount);
}

function debitRefusal(account: Account, amount: bigint): Refusal | undefined {
  if (account.status === 'frozen') return { code: 'account_frozen', account: account.id };
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };
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

function creditRefusal(account: Account, amount: bigint): Refusal | undefined {
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };
  const credits = account.creditsPosted + account.creditsPending + amount;
  return credits > TURNOVER_MAX || credits - account.debitsPosted > balanceMax(account)
    ? { code: 'balance_out_of_range', account: account.id }
    : undefined;
}
