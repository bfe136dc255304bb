import {
  ACCOUNT_ID,
  available,
  balance,
  balanceMax,
  balanceMin,
  cashAccount,
  isClientAsset,
  isSystemAccount,
  LEASE_TTL_MAX_SECONDS,
  SAFE_MAX,
  type Account,
  type Fact,
  type LedgerView,
} from '@lastro/core';
import { idBreaches, unless } from './breaches.ts';

type AccountFact = Extract<Fact, { readonly type: `account.${string}` | `lease.${string}` }>;

/** The rules of accounts and their leases that a fact breaks; see `factBreaches`. */
export function accountFactBreaches(fact: AccountFact, view: LedgerView): readonly string[] {
  switch (fact.type) {
    case 'account.opened':
      return openingBreaches(fact, view);
    case 'account.changed':
      return [
        ...unless(!isSystemAccount(fact.account), `${fact.account} has no limits of a client`),
        ...limitBreaches(fact.left),
      ];
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      return statusBreaches(fact, view);
    case 'lease.requested':
      return [
        ...idBreaches(fact.id),
        ...unless(!isSystemAccount(fact.account), `${fact.account} can’t be leased`),
        ...unless(fact.ttl > 0 && fact.ttl <= LEASE_TTL_MAX_SECONDS, 'a lease lasts 1 to 600 s'),
      ];
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
      return [];
  }
}

/** The limit that an account is over (invariant I2); undefined when it is within. */
export function limitBreach(account: Account): string | undefined {
  // It was posted what others had posted, limits or not.
  if (account.isRebuilt) return undefined;
  const free = available(account);
  if (free !== null && free < 0n) return `${account.id} is over its limit by ${-free}`;
  if (balance(account) - account.debitsPending < balanceMin(account)) {
    return `${account.id} is below every bound`;
  }
  if (balance(account) + account.creditsPending > balanceMax(account)) {
    return `${account.id} is above every bound`;
  }
  return undefined;
}

function openingBreaches(
  fact: Extract<Fact, { readonly type: 'account.opened' }>,
  view: LedgerView,
): readonly string[] {
  const { account, asset, creditLimit, maximumBalance } = fact;
  const cash = view.account(cashAccount(asset));
  return [
    ...unless(ACCOUNT_ID.test(account), 'an account id is 1 to 64 of A–Z a–z 0–9 . _ : @ + -'),
    ...unless(!isSystemAccount(account), `${account} is opened by its owner’s commands alone`),
    ...unless(isClientAsset(asset), `${asset} is no asset for clients`),
    ...unless(cash === undefined || cash.asset === asset, 'a code has one scale'),
    ...limitBreaches({ creditLimit, maximumBalance }),
  ];
}

function limitBreaches(limits: {
  readonly creditLimit: bigint | null;
  readonly maximumBalance: bigint | null;
}): readonly string[] {
  const isLimit = (limit: bigint | null) => limit === null || (limit >= 0n && limit <= SAFE_MAX);
  return [
    ...unless(isLimit(limits.creditLimit), 'a credit limit is from 0 to 2^53 − 1'),
    ...unless(isLimit(limits.maximumBalance), 'a maximum balance is from 0 to 2^53 − 1'),
  ];
}

const STATUS_BEFORE = {
  'account.frozen': ['open'],
  'account.unfrozen': ['frozen'],
  'account.closed': ['open', 'frozen'],
  'account.reopened': ['closed'],
} as const;

function statusBreaches(
  fact: Extract<Fact, { readonly type: keyof typeof STATUS_BEFORE }>,
  view: LedgerView,
): readonly string[] {
  const account = view.account(fact.account);
  const before: readonly string[] = STATUS_BEFORE[fact.type];
  const isEmpty =
    account !== undefined &&
    balance(account) === 0n &&
    account.debitsPending === 0n &&
    account.creditsPending === 0n;
  return [
    ...unless(!isSystemAccount(fact.account), `${fact.account} has no status of a client`),
    ...unless(
      account !== undefined && before.includes(account.status),
      `${fact.type} comes after ${before.join(' or ')}`,
    ),
    ...unless(fact.type !== 'account.closed' || isEmpty, 'only an empty account is closed'),
  ];
}
