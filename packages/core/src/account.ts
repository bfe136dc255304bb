import { isWideAccount } from './account-id.ts';
import { SAFE_MAX, WIDE_BALANCE_MAX } from './bounds.ts';
import type { Metadata } from './metadata.ts';

/**
 * `open`: moves freely. `frozen`: no new debit or hold out, credits arrive.
 * `closed`: nothing moves.
 */
export type AccountStatus = 'open' | 'frozen' | 'closed';

/** A place where units of one asset are counted. All sums are in minor units and never negative. */
export interface Account {
  readonly id: string;
  readonly asset: string;
  readonly debitsPosted: bigint;
  readonly creditsPosted: bigint;
  readonly debitsPending: bigint;
  readonly creditsPending: bigint;
  /** How far below zero the available amount may go; null: without limit. */
  readonly creditLimit: bigint | null;
  readonly status: AccountStatus;
  /** Rises by one with every movement and every other change. */
  readonly version: number;
  /** Milliseconds since 1970, block time. */
  readonly createdAt: number;
  readonly metadata: Metadata;
}

/** A new account with nothing on it. */
export function openAccount(
  id: string,
  asset: string,
  creditLimit: bigint | null,
  createdAt: number,
  metadata: Metadata,
): Account {
  return {
    id,
    asset,
    debitsPosted: 0n,
    creditsPosted: 0n,
    debitsPending: 0n,
    creditsPending: 0n,
    creditLimit,
    status: 'open',
    version: 1,
    createdAt,
    metadata,
  };
}

/** Posted credits − posted debits, for every account, so that `cash:` is negative. */
export function balance(account: Account): bigint {
  return account.creditsPosted - account.debitsPosted;
}

/** What may leave the account now; null: without limit. */
export function available(account: Account): bigint | null {
  if (account.creditLimit === null) return null;
  return balance(account) - account.debitsPending + account.creditLimit;
}

/**
 * How far the balance, pendings counted, may rise. A credit limit takes its share, so that
 * `available` stays within the same bound as `balance`.
 */
export function balanceMax(account: Account): bigint {
  if (isWideAccount(account.id)) return WIDE_BALANCE_MAX;
  return SAFE_MAX - (account.creditLimit ?? 0n);
}

/** How far the balance of an account without credit limit may fall, pendings counted. */
export function balanceMin(account: Account): bigint {
  return isWideAccount(account.id) ? -WIDE_BALANCE_MAX : -SAFE_MAX;
}

/** The account after `amount` left it. */
export function debited(account: Account, amount: bigint): Account {
  return {
    id: account.id,
    asset: account.asset,
    debitsPosted: account.debitsPosted + amount,
    creditsPosted: account.creditsPosted,
    debitsPending: account.debitsPending,
    creditsPending: account.creditsPending,
    creditLimit: account.creditLimit,
    status: account.status,
    version: account.version + 1,
    createdAt: account.createdAt,
    metadata: account.metadata,
  };
}

/** The account after `amount` arrived on it. */
export function credited(account: Account, amount: bigint): Account {
  return {
    id: account.id,
    asset: account.asset,
    debitsPosted: account.debitsPosted,
    creditsPosted: account.creditsPosted + amount,
    debitsPending: account.debitsPending,
    creditsPending: account.creditsPending,
    creditLimit: account.creditLimit,
    status: account.status,
    version: account.version + 1,
    createdAt: account.createdAt,
    metadata: account.metadata,
  };
}
