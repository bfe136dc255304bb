import {
  cashAccount,
  isSystemAccount,
  SKU,
  type Fact,
  type LedgerView,
  type OrderCancelled,
  type OrderCompleted,
} from '@lastro/core';
import { idBreaches, unless } from './breaches.ts';

type OrderFact = Extract<
  Fact,
  { readonly type: `product.${string}` | `goods.${string}` | `order.${string}` }
>;

/** The rules of products, goods and orders that a fact breaks; see `factBreaches`. */
export function orderFactBreaches(fact: OrderFact, view: LedgerView): readonly string[] {
  switch (fact.type) {
    case 'product.created':
      return productBreaches(fact, view);
    case 'product.changed':
      return unless(fact.price >= 0n, 'a price is not below zero');
    case 'goods.received':
      return [
        ...unless(fact.quantity > 0n, 'goods that arrive are above zero'),
        ...idBreaches(fact.transferId),
      ];
    case 'goods.adjusted':
      return [
        ...unless(fact.quantity !== 0n, 'a correction of stock is not zero'),
        ...idBreaches(fact.transferId),
      ];
    case 'order.completed':
      return orderBreaches(fact, view);
    case 'order.refused':
      return idBreaches(fact.id);
    case 'order.cancelled':
      return cancellationBreaches(fact);
  }
}

function cancellationBreaches({ id, transfers }: OrderCancelled): readonly string[] {
  return [
    ...idBreaches(id, ...transfers.map((transfer) => transfer.id)),
    ...transfers.flatMap(({ from, to }) =>
      unless(
        isSystemAccount(from) === isSystemAccount(to) &&
          (!isSystemAccount(from) || (from.startsWith('sold:') && to.startsWith('stock:'))),
        'an order goes back as money and as goods from sold: to stock:',
      ),
    ),
  ];
}

function productBreaches(
  fact: Extract<Fact, { readonly type: 'product.created' }>,
  view: LedgerView,
): readonly string[] {
  const { sku, price, asset, merchant, stock, transferId } = fact;
  const paid = merchant === null ? undefined : view.account(merchant);
  return [
    ...unless(SKU.test(sku), 'a sku is 1 to 50 of A–Z a–z 0–9 . _ : @ + -'),
    ...unless(price >= 0n, 'a price is not below zero'),
    ...unless(stock >= 0n, 'stock is not below zero'),
    ...idBreaches(transferId),
    ...unless(view.account(cashAccount(asset))?.asset === asset, `the asset ${asset} stands`),
    ...unless(
      merchant === null || (paid?.asset === asset && !isSystemAccount(merchant)),
      `${merchant} can be paid in ${asset}`,
    ),
  ];
}

/** An order's lines are the products as they were; its total is theirs (invariant I4). */
function orderBreaches(fact: OrderCompleted, view: LedgerView): readonly string[] {
  const { id, customer, merchant, asset, lines, total, transferIds } = fact;
  return [
    ...idBreaches(id, ...transferIds),
    ...unless(transferIds.length === lines.length + 1, 'one transfer id for money and each line'),
    ...unless(customer !== merchant, 'nobody buys from themselves'),
    ...partyBreaches(customer, asset, view),
    ...saleBreaches({ merchant, asset, lines, total }, view),
  ];
}

function partyBreaches(party: string, asset: string, view: LedgerView): readonly string[] {
  return unless(
    !isSystemAccount(party) && view.account(party)?.asset === asset,
    `${party} is an account of a client in ${asset}`,
  );
}

type Sale = Pick<OrderCompleted, 'merchant' | 'asset' | 'lines' | 'total'>;

/** What the seller's side of an order breaks, whoever pays for it. */
export function saleBreaches(
  { merchant, asset, lines, total }: Sale,
  view: LedgerView,
): readonly string[] {
  const sum = lines.reduce((before, line) => before + line.total, 0n);
  const broken = [
    ...unless(lines.length > 0, 'an order has at least one line'),
    ...unless(new Set(lines.map(({ sku }) => sku)).size === lines.length, 'a sku has one line'),
    ...unless(sum === total, `the total is that of the lines, ${sum}`),
    ...partyBreaches(merchant, asset, view),
  ];
  const ofLines = lines.flatMap((line) => {
    const product = view.product(line.sku);
    return [
      ...unless(line.quantity > 0n, `a quantity of ${line.sku} is above zero`),
      ...unless(
        line.total === line.unitPrice * line.quantity,
        `the line of ${line.sku} is unit price × quantity`,
      ),
      ...unless(
        product?.price === line.unitPrice && product.name === line.name,
        `${line.sku} is sold under its name and price of that moment`,
      ),
      ...unless(
        product?.asset === asset && (product.merchant ?? merchant) === merchant,
        `${line.sku} is sold by ${merchant} for ${asset}`,
      ),
    ];
  });
  return [...broken, ...ofLines];
}
