import { available } from './account.ts';
import { cashAccount, isSystemAccount, SKU } from './account-id.ts';
import { isClientAsset } from './asset.ts';
import type { AdjustGoods, ChangeProduct, CreateProduct, ReceiveGoods } from './command.ts';
import type { Ruling } from './decision.ts';
import { goodsRoute } from './goods.ts';
import type { LedgerView } from './ledger.ts';
import { movementRefusal } from './movement.ts';
import type { Rules } from './rules.ts';
import type { Terms } from './terms.ts';

export function decideCreateProduct(
  view: LedgerView,
  command: CreateProduct,
  rules: Rules,
): Ruling {
  const { sku, name, price, asset, merchant, stock, transferId } = command;
  if (!SKU.test(sku)) throw new Error('a malformed sku passed the contract');
  if (!isClientAsset(asset)) return { code: 'asset_not_allowed' };
  if (price < 0n || price > rules.amountMax) return { code: 'amount_out_of_range' };
  if (stock < 0n || stock > rules.amountMax) return { code: 'amount_out_of_range' };
  if (view.product(sku) !== undefined) return { code: 'product_exists', sku };
  const cash = view.account(cashAccount(asset));
  if (cash === undefined) return { code: 'asset_unknown' };
  if (cash.asset !== asset) return { code: 'asset_scale_conflict' };
  if (merchant !== null) {
    if (isSystemAccount(merchant)) return { code: 'system_account', account: merchant };
    const paid = view.account(merchant);
    if (paid === undefined) return { code: 'account_not_found', account: merchant };
    if (paid.asset !== asset) return { code: 'asset_mismatch' };
  }
  if (stock > 0n && view.isTransferTaken(transferId)) return { code: 'id_taken' };
  return { type: 'product.created', sku, name, price, asset, merchant, stock, transferId };
}

export function decideChangeProduct(
  view: LedgerView,
  command: ChangeProduct,
  rules: Rules,
): Ruling {
  const product = view.product(command.sku);
  if (product === undefined) return { code: 'product_not_found', sku: command.sku };
  if (product.version !== command.version) return { code: 'version_conflict' };
  const price = command.price ?? product.price;
  if (price < 0n || price > rules.amountMax) return { code: 'amount_out_of_range' };
  const name = command.name ?? product.name;
  return { type: 'product.changed', sku: product.sku, name, price };
}

export function decideReceiveGoods(view: LedgerView, command: ReceiveGoods, terms: Terms): Ruling {
  const { sku, quantity, transferId } = command;
  if (quantity <= 0n) return { code: 'amount_out_of_range' };
  return moveGoods(view, terms, {
    type: 'goods.received',
    sku,
    quantity,
    reason: null,
    transferId,
  });
}

export function decideAdjustGoods(view: LedgerView, command: AdjustGoods, terms: Terms): Ruling {
  const { sku, quantity, reason, transferId } = command;
  if (quantity === 0n) return { code: 'amount_out_of_range' };
  return moveGoods(view, terms, { type: 'goods.adjusted', sku, quantity, reason, transferId });
}

function moveGoods(
  view: LedgerView,
  terms: Terms,
  fact: {
    readonly type: 'goods.received' | 'goods.adjusted';
    readonly sku: string;
    readonly quantity: bigint;
    readonly reason: string | null;
    readonly transferId: string;
  },
): Ruling {
  const route = goodsRoute(fact.sku, fact.quantity);
  if (route.amount > terms.rules.amountMax) return { code: 'amount_out_of_range' };
  if (view.product(fact.sku) === undefined) return { code: 'product_not_found', sku: fact.sku };
  const from = view.account(route.from);
  const to = view.account(route.to);
  if (from === undefined || to === undefined) throw new Error(`${fact.sku} has no goods accounts`);
  const free = available(from);
  if (free !== null && free < route.amount) return { code: 'insufficient_stock', sku: fact.sku };
  const refusal = movementRefusal(from, to, route.amount, terms);
  if (refusal !== undefined) return refusal;
  return view.isTransferTaken(fact.transferId) ? { code: 'id_taken' } : fact;
}
