import type { HoldEndState } from './hold.ts';
import type { PartOf } from './posted.ts';

/** Why a command was refused. A refused command changed nothing. */
export type Refusal =
  | { readonly code: 'account_not_found'; readonly account: string }
  | { readonly code: 'account_exists'; readonly account: string }
  | { readonly code: 'account_frozen'; readonly account: string }
  | { readonly code: 'account_closed'; readonly account: string }
  | { readonly code: 'system_account'; readonly account: string }
  | { readonly code: 'asset_mismatch' }
  | { readonly code: 'asset_not_allowed' }
  | { readonly code: 'asset_scale_conflict' }
  | { readonly code: 'asset_unknown' }
  | { readonly code: 'same_account' }
  | { readonly code: 'amount_out_of_range' }
  | { readonly code: 'balance_out_of_range'; readonly account: string }
  | { readonly code: 'insufficient_funds'; readonly account: string }
  | { readonly code: 'insufficient_stock'; readonly sku: string }
  | { readonly code: 'id_taken' }
  | { readonly code: 'product_not_found'; readonly sku: string }
  | { readonly code: 'product_exists'; readonly sku: string }
  | { readonly code: 'price_changed' }
  | { readonly code: 'merchant_mismatch'; readonly sku: string }
  | { readonly code: 'version_conflict' }
  | { readonly code: 'condition_failed'; readonly condition: 'ifVersion' | 'ifBalanceAtLeast' }
  | { readonly code: 'hold_not_found' }
  | { readonly code: 'hold_ended'; readonly state: HoldEndState }
  | { readonly code: 'expiry_out_of_range' }
  | { readonly code: 'amount_not_allowed' }
  | { readonly code: 'amount_exceeded'; readonly remaining: bigint }
  | { readonly code: 'transfer_not_found' }
  | { readonly code: 'transaction_not_found' }
  | ({ readonly code: 'part_of' } & PartOf)
  | { readonly code: 'already_reversed' }
  | { readonly code: 'order_not_found' }
  | { readonly code: 'order_not_completed'; readonly status: 'refused' | 'cancelled' }
  | { readonly code: 'limit_in_use'; readonly account: string }
  | { readonly code: 'account_not_empty'; readonly account: string }
  | { readonly code: 'account_not_frozen'; readonly account: string }
  | { readonly code: 'account_not_closed'; readonly account: string }
  | { readonly code: 'account_leased'; readonly account: string }
  | { readonly code: 'lease_lost' }
  | { readonly code: 'lease_not_found' }
  | { readonly code: 'lease_queue_full'; readonly account: string }
  /** The posted balance would do, but promises stand in the way: worth trying again. */
  | { readonly code: 'funds_held'; readonly account: string }
  /** The peer, whose account it is, would owe more than it may. */
  | { readonly code: 'exposure_exceeded'; readonly account: string }
  | { readonly code: 'consent_required'; readonly account: string }
  /** Unknown, or of another account or bank: it isn't told which. */
  | { readonly code: 'consent_not_found' }
  | { readonly code: 'consent_expired' }
  | { readonly code: 'consent_revoked' }
  /** Less is left of it than the transaction would debit. */
  | { readonly code: 'consent_exceeded' }
  /** Of an order whose payment the banks didn't agree on. */
  | { readonly code: 'transaction_aborted'; readonly transaction: string };

export type RefusalCode = Refusal['code'];

const NO_DETAILS: Readonly<Record<string, string>> = Object.freeze({});

/** The members of a refusal beside its code, as strings by name. */
export function refusalDetails(refusal: Refusal): Readonly<Record<string, string>> {
  if ('account' in refusal) return { account: refusal.account };
  if ('sku' in refusal) return { sku: refusal.sku };
  if ('condition' in refusal) return { condition: refusal.condition };
  if ('state' in refusal) return { state: refusal.state };
  if ('remaining' in refusal) return { remaining: String(refusal.remaining) };
  if ('transaction' in refusal) return { transaction: refusal.transaction };
  if ('owner' in refusal) return { owner: refusal.owner, id: refusal.id };
  return 'status' in refusal ? { status: refusal.status } : NO_DETAILS;
}
