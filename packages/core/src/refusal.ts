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
  | { readonly code: 'version_conflict' };

export type RefusalCode = Refusal['code'];

/** The members of a refusal beside its code, as strings by name. */
export function refusalDetails(refusal: Refusal): Readonly<Record<string, string>> {
  if ('account' in refusal) return { account: refusal.account };
  if ('sku' in refusal) return { sku: refusal.sku };
  return {};
}
