import type { Command, PlaceOrder } from './command.ts';
import { codeOf, type Pages } from './notebook.fixture.ts';
import type { Refusal } from './refusal.ts';

// The model's rules of products and orders.

export function createGood(
  pages: Pages,
  command: Extract<Command, { type: 'CreateProduct' }>,
): Refusal | undefined {
  const { sku, name, price, asset, merchant, stock, transferId } = command;
  if (asset.startsWith('sku:')) return { code: 'asset_not_allowed' };
  if ([price, stock].some((amount) => amount < 0n || amount > pages.amountMax)) {
    return { code: 'amount_out_of_range' };
  }
  if (pages.good(sku)) return { code: 'product_exists', sku };
  if (unitIsOtherwise(pages, asset)) return { code: 'asset_scale_conflict' };
  if (!pages.openings.some(({ unit }) => unit === asset)) return { code: 'asset_unknown' };
  const because = merchant === null ? undefined : pages.unusable(merchant);
  if (because) return because;
  if (merchant !== null && pages.opening(merchant)?.unit !== asset) {
    return { code: 'asset_mismatch' };
  }
  pages.goods.push({ sku, name, price, unit: asset, seller: merchant, edition: 1 });
  return stock > 0n ? shelve(pages, sku, transferId, 'received', 'stock', stock) : undefined;
}

export function changeGood(
  pages: Pages,
  command: Extract<Command, { type: 'ChangeProduct' }>,
): Refusal | undefined {
  const good = pages.good(command.sku);
  if (!good) return { code: 'product_not_found', sku: command.sku };
  if (good.edition !== command.version) return { code: 'version_conflict' };
  const price = command.price === null ? good.price : command.price;
  if (price < 0n || price > pages.amountMax) return { code: 'amount_out_of_range' };
  const name = command.name === null ? good.name : command.name;
  pages.goods[pages.goods.indexOf(good)] = { ...good, name, price, edition: good.edition + 1 };
  return undefined;
}

export function restock(
  pages: Pages,
  command: Extract<Command, { type: 'ReceiveGoods' | 'AdjustGoods' }>,
): Refusal | undefined {
  const { type, sku, quantity, transferId } = command;
  const size = type === 'AdjustGoods' && quantity < 0n ? -quantity : quantity;
  if (size < 1n || size > pages.amountMax) return { code: 'amount_out_of_range' };
  if (!pages.good(sku)) return { code: 'product_not_found', sku };
  if (quantity > 0n) return shelve(pages, sku, transferId, 'received', 'stock', size);
  if (pages.worth(`stock:${sku}`) < size) return { code: 'insufficient_stock', sku };
  return shelve(pages, sku, transferId, 'stock', 'written-off', size);
}

export function order(pages: Pages, command: PlaceOrder): Refusal | undefined {
  const { id, customer, merchant, expectedTotal } = command;
  const skus = [...new Set(command.lines.map(({ sku }) => sku))];
  const wanted = (sku: string) =>
    command.lines.reduce((sum, one) => (one.sku === sku ? sum + one.quantity : sum), 0n);
  const ids = command.transferIds.filter((_, index) => index <= skus.length);
  if (pages.groupTaken(id)) return { code: 'id_taken' };
  const because = pages.unusable(customer) ?? pages.unusable(merchant);
  if (because) return because;
  if (customer === merchant) return { code: 'same_account' };
  const unit = pages.opening(merchant)?.unit;
  if (pages.opening(customer)?.unit !== unit) return { code: 'asset_mismatch' };
  let total = 0n;
  for (const sku of skus) {
    if (wanted(sku) < 1n || wanted(sku) > pages.amountMax) return { code: 'amount_out_of_range' };
    const good = pages.good(sku);
    if (!good) return { code: 'product_not_found', sku };
    if (good.seller !== null && good.seller !== merchant) return { code: 'merchant_mismatch', sku };
    if (good.unit !== unit) return { code: 'asset_mismatch' };
    total += good.price * wanted(sku);
  }
  if (total > pages.amountMax) return { code: 'amount_out_of_range' };
  if (expectedTotal !== null && expectedTotal !== total) return { code: 'price_changed' };
  for (const sku of skus) {
    if (pages.worth(`stock:${sku}`) < wanted(sku)) return { code: 'insufficient_stock', sku };
  }
  const [moneyId = '', ...goodsIds] = ids;
  // Also who gets something for nothing must be allowed to trade.
  const money = { from: customer, to: merchant, amount: total };
  const unpaid = pages.reason(money);
  if (unpaid) return unpaid;
  if (total > 0n) pages.moves.push({ ...money, id: moneyId, group: id });
  for (const [index, sku] of skus.entries()) {
    shelve(pages, sku, goodsIds[index] ?? '', 'stock', 'sold', wanted(sku), id);
  }
  pages.groups.push(id);
  pages.purchases.push({ id, refused: false, paid: total });
  return undefined;
}

export function unitIsOtherwise(pages: Pages, asset: string): boolean {
  return pages.openings.some(({ unit }) => codeOf(unit) === codeOf(asset) && unit !== asset);
}

function shelve(
  pages: Pages,
  sku: string,
  id: string,
  from: string,
  to: string,
  amount: bigint,
  group: string | null = null,
): Refusal | undefined {
  return pages.move({ id, from: `${from}:${sku}`, to: `${to}:${sku}`, amount, group });
}
