import { isWideAccount } from './account-id.ts';
import { SAFE_MAX, WIDE_BALANCE_MAX } from './bounds.ts';
import type { Metadata } from './metadata.ts';

/**
 * `open`: moves freely. `frozen`: no new debit or hold out, credits arrive.
 * `closed`: nothing moves.
 */
export type AccountStatus = 'open' | 'frozen' | 'closed';

export function isAccountStatus(text: string): text is AccountStatus {
  return text === 'open' || text === 'frozen' || text === 'closed';
}

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
  /** How high the balance may rise, promised credits counted; null: as high as every account's. */
  readonly maximumBalance: bigint | null;
  readonly status: AccountStatus;
  /** Fencing token of the lease that was granted last and not released; null: there is none. */
  readonly leaseToken: number | null;
  /** Until when that lease lasts, in block time, milliseconds since 1970. */
  readonly leaseUntil: number | null;
  /** Whether a commit that the bank had forgotten was posted on it: then it may stand beyond its limits. */
  readonly isRebuilt: boolean;
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
  maximumBalance: bigint | null = null,
): Account {
  return {
    id,
    asset,
    debitsPosted: 0n,
    creditsPosted: 0n,
    debitsPending: 0n,
    creditsPending: 0n,
    creditLimit,
    maximumBalance,
    status: 'open',
    leaseToken: null,
    leaseUntil: null,
    isRebuilt: false,
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
  const highest = SAFE_MAX - (account.creditLimit ?? 0n);
  const { maximumBalance } = account;
  return maximumBalance === null || maximumBalance > highest ? highest : maximumBalance;
}

/** How far the balance of an account without credit limit may fall, pendings counted. */
export function balanceMin(account: Account): bigint {
  return isWideAccount(account.id) ? -WIDE_BALANCE_MAX : -SAFE_MAX;
}

/** The account after `amount` left it; so much of it as `pending` had been promised. */
export function debited(account: Account, amount: bigint, pending = 0n): Account {
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account;
  return moved(
    account,
    debitsPosted + amount,
    creditsPosted,
    pending === 0n ? debitsPending : debitsPending - pending,
    creditsPending,
  );
}

/** The account after `amount` arrived on it; so much of it as `pending` had been promised. */
export function credited(account: Account, amount: bigint, pending = 0n): Account {
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account;
  return moved(
    account,
    debitsPosted,
    creditsPosted + amount,
    debitsPending,
    pending === 0n ? creditsPending : creditsPending - pending,
  );
}

/** The account after `amount` was promised to leave it; below zero: the promise ended. */
export function promised(account: Account, amount: bigint): Account {
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account;
  return moved(account, debitsPosted, creditsPosted, debitsPending + amount, creditsPending);
}

/** The account after `amount` was promised to arrive on it; below zero: the promise ended. */
export function expecting(account: Account, amount: bigint): Account {
  const { debitsPosted, creditsPosted, debitsPending, creditsPending } = account;
  return moved(account, debitsPosted, creditsPosted, debitsPending, creditsPending + amount);
}

/** Written out: this runs twice for every transfer, and a spread costs more than all the rest. */
function moved(
  account: Account,
  debitsPosted: bigint,
  creditsPosted: bigint,
  debitsPending: bigint,
  creditsPending: bigint,
): Account {
  return {
    id: account.id,
    asset: account.asset,
    debitsPosted,
    creditsPosted,
    debitsPending,
    creditsPending,
    creditLimit: account.creditLimit,
    maximumBalance: account.maximumBalance,
    status: account.status,
    leaseToken: account.leaseToken,
    leaseUntil: account.leaseUntil,
    isRebuilt: account.isRebuilt,
    version: account.version + 1,
    createdAt: account.createdAt,
    metadata: account.metadata,
  };
}
