import { balance, type Account, type AccountStatus } from './account.ts';
import type { AccountChanged, AccountLeft, AccountStatusChanged } from './event.ts';
import type { Ledger } from './ledger.ts';

type AccountFact = AccountChanged | AccountStatusChanged;

const STATUS_AFTER: { readonly [Type in AccountStatusChanged['type']]: AccountStatus } = {
  'account.frozen': 'frozen',
  'account.unfrozen': 'open',
  'account.closed': 'closed',
  'account.reopened': 'open',
};

/**
 * Folds a change of an account's limits or status. Throws when what the event says the account was
 * left as is not what it is by then.
 */
export function applyAccountFact(ledger: Ledger, fact: AccountFact, seq: number): void {
  const account = ledger.account(fact.account);
  if (account === undefined) throw new Error(`event ${seq} changes an unknown account`);
  const after = { ...account, ...changeOf(fact), version: account.version + 1 };
  if (!isAs(after, fact.left)) throw new Error(`event ${seq} left ${account.id} otherwise`);
  ledger.putAccount(after);
}

/** An account as the change that it is about to undergo will leave it. */
export function accountLeft(account: Account, change: Partial<Account>): AccountLeft {
  const {
    status,
    debitsPending: held,
    creditLimit,
    maximumBalance,
    leaseUntil: leasedUntil,
  } = {
    ...account,
    ...change,
  };
  const version = account.version + 1;
  return {
    status,
    balance: balance(account),
    held,
    creditLimit,
    maximumBalance,
    leasedUntil,
    version,
  };
}

function changeOf(fact: AccountFact): Partial<Account> {
  if (fact.type !== 'account.changed') return { status: STATUS_AFTER[fact.type] };
  const { creditLimit, maximumBalance } = fact.left;
  return { creditLimit, maximumBalance };
}

function isAs(account: Account, left: AccountLeft): boolean {
  return (
    account.status === left.status &&
    balance(account) === left.balance &&
    account.debitsPending === left.held &&
    account.creditLimit === left.creditLimit &&
    account.maximumBalance === left.maximumBalance &&
    account.leaseUntil === left.leasedUntil &&
    account.version === left.version
  );
}
