import { available, balance, balanceMax, type Account, type AccountStatus } from './account.ts';
import { cashAccount, isSystemAccount } from './account-id.ts';
import { accountLeft } from './apply-account.ts';
import { isClientAsset } from './asset.ts';
import { SAFE_MAX } from './bounds.ts';
import type {
  ChangeAccount,
  CloseAccount,
  FreezeAccount,
  OpenAccount,
  ReopenAccount,
  UnfreezeAccount,
} from './command.ts';
import { clientAccount, isAccount } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import type { AccountStatusChanged } from './event.ts';
import type { LedgerView } from './ledger.ts';

/** Opens a client's account. The first account of an asset opens the asset with its one scale. */
export function decideOpenAccount(view: LedgerView, command: OpenAccount): Ruling {
  const { account, asset, creditLimit, maximumBalance, metadata } = command;
  if (isSystemAccount(account)) return { code: 'system_account', account };
  if (!isClientAsset(asset)) return { code: 'asset_not_allowed' };
  if (!isLimit(creditLimit) || !isLimit(maximumBalance)) return { code: 'amount_out_of_range' };
  if (view.account(account) !== undefined) return { code: 'account_exists', account };
  const cash = view.account(cashAccount(asset));
  if (cash !== undefined && cash.asset !== asset) return { code: 'asset_scale_conflict' };
  return { type: 'account.opened', account, asset, creditLimit, maximumBalance, metadata };
}

/** Sets limits anew. What is in use already, promises counted, can't be cut off (invariant I2). */
export function decideChangeAccount(view: LedgerView, command: ChangeAccount): Ruling {
  const { account: id, version } = command;
  const account = clientAccount(view, id);
  if (!isAccount(account)) return account;
  if (version !== null && version !== account.version) return { code: 'version_conflict' };
  if (account.status === 'closed') return { code: 'account_closed', account: id };
  const creditLimit = command.creditLimit === null ? account.creditLimit : command.creditLimit.to;
  const maximumBalance =
    command.maximumBalance === null ? account.maximumBalance : command.maximumBalance.to;
  if (!isLimit(creditLimit) || !isLimit(maximumBalance)) return { code: 'amount_out_of_range' };
  const limited = { ...account, creditLimit, maximumBalance };
  const free = available(limited);
  const isInUse =
    (free !== null && free < 0n) || balance(limited) + limited.creditsPending > balanceMax(limited);
  if (isInUse) return { code: 'limit_in_use', account: id };
  const left = accountLeft(account, { creditLimit, maximumBalance });
  return { type: 'account.changed', account: id, left };
}

export function decideFreeze(view: LedgerView, command: FreezeAccount): Ruling {
  const account = clientAccount(view, command.account);
  if (!isAccount(account)) return account;
  if (account.status !== 'open') return { code: `account_${account.status}`, account: account.id };
  return changed('account.frozen', account, 'frozen', command);
}

export function decideUnfreeze(view: LedgerView, command: UnfreezeAccount): Ruling {
  const account = clientAccount(view, command.account);
  if (!isAccount(account)) return account;
  if (account.status !== 'frozen') return { code: 'account_not_frozen', account: account.id };
  return changed('account.unfrozen', account, 'open', command);
}

export function decideClose(view: LedgerView, command: CloseAccount): Ruling {
  const account = clientAccount(view, command.account);
  if (!isAccount(account)) return account;
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };
  const { debitsPending, creditsPending } = account;
  if (balance(account) !== 0n || debitsPending !== 0n || creditsPending !== 0n) {
    return { code: 'account_not_empty', account: account.id };
  }
  return changed('account.closed', account, 'closed', command);
}

export function decideReopen(view: LedgerView, command: ReopenAccount): Ruling {
  const account = clientAccount(view, command.account);
  if (!isAccount(account)) return account;
  if (account.status !== 'closed') return { code: 'account_not_closed', account: account.id };
  return changed('account.reopened', account, 'open', command);
}

function changed(
  type: AccountStatusChanged['type'],
  account: Account,
  status: AccountStatus,
  { reason }: { readonly reason: string | null },
): AccountStatusChanged {
  return { type, account: account.id, reason, left: accountLeft(account, { status }) };
}

function isLimit(limit: bigint | null): boolean {
  return limit === null || (limit >= 0n && limit <= SAFE_MAX);
}
