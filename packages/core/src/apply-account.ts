import type { Account, AccountStatus } from './account.ts';
import type { AccountChanged, AccountStatusChanged } from './event.ts';
import type { Ledger } from './ledger.ts';

const STATUS_AFTER: { readonly [Type in AccountStatusChanged['type']]: AccountStatus } = {
  'account.frozen': 'frozen',
  'account.unfrozen': 'open',
  'account.closed': 'closed',
  'account.reopened': 'open',
};

/** Folds a change of an account's limits or status. */
export function applyAccountFact(
  ledger: Ledger,
  fact: AccountChanged | AccountStatusChanged,
  seq: number,
): void {
  const account = ledger.account(fact.account);
  if (account === undefined) throw new Error(`event ${seq} changes an unknown account`);
  ledger.putAccount({ ...account, ...changeOf(fact), version: account.version + 1 });
}

function changeOf(fact: AccountChanged | AccountStatusChanged): Partial<Account> {
  if (fact.type !== 'account.changed') return { status: STATUS_AFTER[fact.type] };
  const { creditLimit, maximumBalance } = fact;
  return { creditLimit, maximumBalance };
}
