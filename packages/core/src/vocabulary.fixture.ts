import type { Command } from './command.ts';
import type { FactType } from './event.ts';
import type { RefusalCode } from './refusal.ts';

// Tables that the compiler keeps total: a new word without a line here is a type error.

export const REFUSAL_CODES = words({
  account_not_found: true,
  account_exists: true,
  account_frozen: true,
  account_closed: true,
  system_account: true,
  asset_mismatch: true,
  asset_not_allowed: true,
  asset_scale_conflict: true,
  asset_unknown: true,
  same_account: true,
  amount_out_of_range: true,
  balance_out_of_range: true,
  insufficient_funds: true,
  insufficient_stock: true,
  id_taken: true,
  product_not_found: true,
  product_exists: true,
  price_changed: true,
  merchant_mismatch: true,
  version_conflict: true,
} satisfies Record<RefusalCode, true>);

export const FACT_TYPES = words({
  'bank.opened': true,
  'account.opened': true,
  'transfer.posted': true,
  'transaction.posted': true,
  'product.created': true,
  'product.changed': true,
  'goods.received': true,
  'goods.adjusted': true,
  'order.completed': true,
  'order.refused': true,
  'command.refused': true,
  'command.failed': true,
} satisfies Record<FactType, true>);

export const COMMAND_TYPES = words({
  OpenAccount: true,
  PostTransfer: true,
  Deposit: true,
  Withdraw: true,
  PostTransaction: true,
  CreateProduct: true,
  ChangeProduct: true,
  ReceiveGoods: true,
  AdjustGoods: true,
  PlaceOrder: true,
} satisfies Record<Command['type'], true>);

function words(table: Readonly<Record<string, true>>): readonly string[] {
  return Object.keys(table).toSorted();
}
