import { available, type Account } from './account.ts';
import { soldAccount, stockAccount } from './account-id.ts';
import { ORDER_LINES_MAX, SAFE_MAX } from './bounds.ts';
import type { PlaceOrder } from './command.ts';
import { clientAccount } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import { movementRefusal } from './movement.ts';
import type { OrderLine, OrderRequestLine } from './order.ts';
import type { Refusal } from './refusal.ts';
import type { Rules } from './rules.ts';
import type { Terms } from './terms.ts';

/**
 * An order is one transaction of money and goods (invariant I4). The price is what the product
 * costs now; the customer pays the sum of the lines or nothing happens.
 */
export function decideOrder(view: LedgerView, command: PlaceOrder, terms: Terms): Ruling {
  const { rules } = terms;
  const { id, customer, merchant, expectedTotal } = command;
  const requested = mergeLines(command.lines);
  assertWellFormed(command, requested.length);
  const transferIds = command.transferIds.slice(0, requested.length + 1);
  // Before anything else, for a refused order takes its id, too.
  if (view.isTransactionTaken(id)) return { code: 'id_taken' };
  const payer = clientAccount(view, customer);
  if ('code' in payer) return payer;
  const payee = clientAccount(view, merchant);
  if ('code' in payee) return payee;
  if (payer.id === payee.id) return { code: 'same_account' };
  if (payer.asset !== payee.asset) return { code: 'asset_mismatch' };
  const priced = priceLines(view, requested, payee, rules);
  if ('code' in priced) return priced;
  const { lines, total } = priced;
  if (expectedTotal !== null && expectedTotal !== total) return { code: 'price_changed' };
  const refusal = goodsRefusal(view, lines, terms) ?? movementRefusal(payer, payee, total, terms);
  if (refusal !== undefined) return refusal;
  if (transferIds.some((transferId) => view.isTransferTaken(transferId))) {
    return { code: 'id_taken' };
  }
  const asset = payer.asset;
  return { type: 'order.completed', id, customer, merchant, asset, lines, total, transferIds };
}

/** One line for each sku, in the order of first mention. */
export function mergeLines(lines: readonly OrderRequestLine[]): readonly OrderRequestLine[] {
  const bySku = new Map<string, bigint>();
  for (const { sku, quantity } of lines) bySku.set(sku, (bySku.get(sku) ?? 0n) + quantity);
  return [...bySku].map(([sku, quantity]) => ({ sku, quantity }));
}

function assertWellFormed(command: PlaceOrder, merged: number): void {
  const count = command.lines.length;
  if (count < 1 || count > ORDER_LINES_MAX) throw new Error(`an order of ${count} lines`);
  if (command.transferIds.length < merged + 1) throw new Error('an order without transfer ids');
  if (new Set(command.transferIds).size !== command.transferIds.length) {
    throw new Error('an order with one id for two transfers');
  }
  // A refused order keeps its lines, and the journal can't hold a larger integer.
  if (command.lines.some(({ quantity }) => quantity > SAFE_MAX || quantity < -SAFE_MAX)) {
    throw new Error('a quantity beyond 2^53 − 1 passed the contract');
  }
}

/** What the lines cost now, each and all together. */
export interface PricedLines {
  readonly lines: readonly OrderLine[];
  readonly total: bigint;
}

/** Prices of the moment for lines of different skus, paid to this account; or why there are none. */
export function priceLines(
  view: LedgerView,
  requested: readonly OrderRequestLine[],
  payee: Account,
  rules: Rules,
): PricedLines | Refusal {
  const lines: OrderLine[] = [];
  let total = 0n;
  for (const request of requested) {
    const line = priceLine(view, request, payee, rules);
    if ('code' in line) return line;
    lines.push(line);
    total += line.total;
  }
  return total > rules.amountMax ? { code: 'amount_out_of_range' } : { lines, total };
}

function priceLine(
  view: LedgerView,
  request: OrderRequestLine,
  payee: Account,
  rules: Rules,
): OrderLine | Refusal {
  const { sku, quantity } = request;
  if (quantity <= 0n || quantity > rules.amountMax) return { code: 'amount_out_of_range' };
  const product = view.product(sku);
  if (product === undefined) return { code: 'product_not_found', sku };
  if (product.merchant !== null && product.merchant !== payee.id) {
    return { code: 'merchant_mismatch', sku };
  }
  if (product.asset !== payee.asset) return { code: 'asset_mismatch' };
  const { name, price } = product;
  return { sku, quantity, name, unitPrice: price, total: price * quantity };
}

/** Why these goods can't leave the stock; undefined when they can. */
export function goodsRefusal(
  view: LedgerView,
  lines: readonly OrderLine[],
  terms: Terms,
): Refusal | undefined {
  for (const { sku, quantity } of lines) {
    const stock = view.account(stockAccount(sku));
    const sold = view.account(soldAccount(sku));
    if (stock === undefined || sold === undefined) throw new Error(`${sku} has no goods accounts`);
    const free = available(stock);
    if (free === null || free < quantity) return { code: 'insufficient_stock', sku };
    const refusal = movementRefusal(stock, sold, quantity, terms);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
