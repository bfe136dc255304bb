import type { Reader } from './journal-members.ts';
import type { HoldEndState } from './hold.ts';
import type { PartOf } from './posted.ts';
import type { Refusal, RefusalCode } from './refusal.ts';

const CONDITIONS = ['ifVersion', 'ifBalanceAtLeast'] as const;
const ENDS: readonly HoldEndState[] = ['captured', 'released', 'expired'];
const OWNERS: readonly PartOf['owner'][] = ['order', 'transaction', 'hold', 'crossbank'];

/** A member that is one of these words. */
export function oneOf<Word extends string>(
  read: Reader,
  name: string,
  words: readonly Word[],
): Word {
  const text = read.text(name);
  const found = words.find((word) => word === text);
  if (found === undefined) throw new SyntaxError(`${text} is no ${name} of this version`);
  return found;
}

const ofAccount =
  <Code extends Extract<Refusal, { account: string }>['code']>(code: Code) =>
  (read: Reader) => ({ code, account: read.text('account') });
const ofSku =
  <Code extends Extract<Refusal, { sku: string }>['code']>(code: Code) =>
  (read: Reader) => ({ code, sku: read.text('sku') });

const REFUSALS: { readonly [Code in RefusalCode]: (read: Reader) => Refusal } = {
  account_not_found: ofAccount('account_not_found'),
  account_exists: ofAccount('account_exists'),
  account_frozen: ofAccount('account_frozen'),
  account_closed: ofAccount('account_closed'),
  system_account: ofAccount('system_account'),
  balance_out_of_range: ofAccount('balance_out_of_range'),
  insufficient_funds: ofAccount('insufficient_funds'),
  insufficient_stock: ofSku('insufficient_stock'),
  product_not_found: ofSku('product_not_found'),
  product_exists: ofSku('product_exists'),
  merchant_mismatch: ofSku('merchant_mismatch'),
  asset_mismatch: () => ({ code: 'asset_mismatch' }),
  asset_not_allowed: () => ({ code: 'asset_not_allowed' }),
  asset_scale_conflict: () => ({ code: 'asset_scale_conflict' }),
  asset_unknown: () => ({ code: 'asset_unknown' }),
  same_account: () => ({ code: 'same_account' }),
  amount_out_of_range: () => ({ code: 'amount_out_of_range' }),
  id_taken: () => ({ code: 'id_taken' }),
  price_changed: () => ({ code: 'price_changed' }),
  version_conflict: () => ({ code: 'version_conflict' }),
  condition_failed: (read) => ({
    code: 'condition_failed',
    condition: oneOf(read, 'condition', CONDITIONS),
  }),
  hold_not_found: () => ({ code: 'hold_not_found' }),
  hold_ended: (read) => ({ code: 'hold_ended', state: oneOf(read, 'state', ENDS) }),
  expiry_out_of_range: () => ({ code: 'expiry_out_of_range' }),
  amount_not_allowed: () => ({ code: 'amount_not_allowed' }),
  amount_exceeded: (read) => ({
    code: 'amount_exceeded',
    remaining: BigInt(read.text('remaining')),
  }),
  transfer_not_found: () => ({ code: 'transfer_not_found' }),
  transaction_not_found: () => ({ code: 'transaction_not_found' }),
  part_of: (read) => ({
    code: 'part_of',
    owner: oneOf(read, 'owner', OWNERS),
    id: read.text('id'),
  }),
  already_reversed: () => ({ code: 'already_reversed' }),
  order_not_found: () => ({ code: 'order_not_found' }),
  order_not_completed: (read) => ({
    code: 'order_not_completed',
    status: oneOf(read, 'status', ['refused', 'cancelled']),
  }),
  limit_in_use: ofAccount('limit_in_use'),
  account_not_empty: ofAccount('account_not_empty'),
  account_not_frozen: ofAccount('account_not_frozen'),
  account_not_closed: ofAccount('account_not_closed'),
  account_leased: ofAccount('account_leased'),
  lease_lost: () => ({ code: 'lease_lost' }),
  lease_not_found: () => ({ code: 'lease_not_found' }),
  lease_queue_full: ofAccount('lease_queue_full'),
  funds_held: ofAccount('funds_held'),
  exposure_exceeded: ofAccount('exposure_exceeded'),
  consent_required: ofAccount('consent_required'),
  consent_not_found: () => ({ code: 'consent_not_found' }),
  consent_expired: () => ({ code: 'consent_expired' }),
  consent_revoked: () => ({ code: 'consent_revoked' }),
  consent_exceeded: () => ({ code: 'consent_exceeded' }),
  transaction_aborted: (read) => ({
    code: 'transaction_aborted',
    transaction: read.text('transaction'),
  }),
};

/** The refusal whose code and details are members of this object. */
export function decodeRefusal(read: Reader): Refusal {
  const code = read.text('code');
  if (!isRefusalCode(code)) throw new SyntaxError(`${code} is no refusal of this version`);
  return REFUSALS[code](read);
}

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}
