import { available } from './account.ts';
import { cashAccount } from './account-id.ts';
import { isClientAsset } from './asset.ts';
import { SAFE_MAX } from './bounds.ts';
import type { SetExposureLimit } from './consortium-command.ts';
import { peerAccount } from './consortium/local-transfers.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';

/** Sets how much a peer may owe. What it owes already, promises counted, can't be cut off (I2). */
export function decideExposureLimit(view: LedgerView, command: SetExposureLimit): Ruling {
  const { bank, asset, limit } = command;
  if (!isClientAsset(asset)) return { code: 'asset_not_allowed' };
  if (limit !== null && (limit < 0n || limit > SAFE_MAX)) return { code: 'amount_out_of_range' };
  const peer = view.account(peerAccount(bank, asset));
  const cash = view.account(cashAccount(asset));
  const isOtherScale = [peer, cash].some((known) => known !== undefined && known.asset !== asset);
  if (isOtherScale) return { code: 'asset_scale_conflict' };
  const free = peer === undefined ? null : available({ ...peer, creditLimit: limit });
  if (peer !== undefined && free !== null && free < 0n) {
    return { code: 'limit_in_use', account: peer.id };
  }
  return { type: 'peer.limited', bank, asset, limit };
}
