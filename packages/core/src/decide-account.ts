import { cashAccount, isSystemAccount } from './account-id.ts';
import { isClientAsset } from './asset.ts';
import { SAFE_MAX } from './bounds.ts';
import type { OpenAccount } from './command.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';

/** Opens a client's account. The first account of an asset opens the asset with its one scale. */
export function decideOpenAccount(view: LedgerView, command: OpenAccount): Ruling {
  const { account, asset, creditLimit, metadata } = command;
  if (isSystemAccount(account)) return { code: 'system_account', account };
  if (!isClientAsset(asset)) return { code: 'asset_not_allowed' };
  if (creditLimit !== null && (creditLimit < 0n || creditLimit > SAFE_MAX)) {
    return { code: 'amount_out_of_range' };
  }
  if (view.account(account) !== undefined) return { code: 'account_exists', account };
  const cash = view.account(cashAccount(asset));
  if (cash !== undefined && cash.asset !== asset) return { code: 'asset_scale_conflict' };
  return { type: 'account.opened', account, asset, creditLimit, metadata };
}
