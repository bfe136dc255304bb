import { customerAccount, productSku } from './names.ts';
import type { OrderChoice } from './order-choice.ts';

export interface Customer {
  readonly id: string;
  /** Posted, in minor units. */
  readonly balance: bigint;
  /** What may leave the account now; null: without limit. */
  readonly available: bigint | null;
}

export interface ShelfProduct {
  readonly sku: string;
  readonly price: bigint;
  /** Units free to sell. */
  readonly stock: bigint;
}

/** Customers and products as a read found them, arranged for drawing many orders. */
export interface Shop {
  readonly customers: readonly Customer[];
  readonly products: readonly ShelfProduct[];
  /** In stock, the cheapest first. */
  readonly inStock: readonly ShelfProduct[];
  /** Those with money who can pay at least one product in stock. */
  readonly buyers: readonly Customer[];
  /** Those who can pay none. */
  readonly poor: readonly Customer[];
}

export function arrangeShop(
  customers: readonly Customer[],
  products: readonly ShelfProduct[],
): Shop {
  const inStock = products
    .filter(({ stock }) => stock > 0n)
    .toSorted((left, right) => (left.price < right.price ? -1 : 1));
  const [cheapest] = inStock;
  const canBuy = (customer: Customer) => cheapest !== undefined && canPay(customer, cheapest);
  return {
    customers,
    products,
    inStock,
    buyers: customers.filter((customer) => customer.balance > 0n && canBuy(customer)),
    poor: customers.filter((customer) => !canBuy(customer)),
  };
}

/**
 * Draws one unit of a product in stock for a customer who has money and can pay it. Where nobody
 * can buy anything the choice is one that the bank will refuse, so that the order ends with a record.
 * `random` answers numbers in [0, 1).
 */
export function chooseOrder(shop: Shop, random: () => number): OrderChoice {
  const buyer = pick(shop.buyers, random);
  if (buyer === undefined) return hopelessChoice(shop, random);
  const product = pick(payableBy(buyer, shop.inStock), random);
  if (product === undefined) throw new Error('a buyer who can pay nothing');
  return oneUnit(buyer.id, product.sku);
}

function hopelessChoice(shop: Shop, random: () => number): OrderChoice {
  const customer = pick(shop.poor, random) ?? pick(shop.customers, random);
  const product = pick(shop.inStock, random) ?? pick(shop.products, random);
  return oneUnit(customer?.id ?? customerAccount(1), product?.sku ?? productSku(1));
}

function oneUnit(customer: string, sku: string): OrderChoice {
  return { customer, lines: [{ sku, quantity: 1n }] };
}

/** The products, given the cheapest first, up to the last one that the customer can pay. */
function payableBy(customer: Customer, inStock: readonly ShelfProduct[]): readonly ShelfProduct[] {
  const first = inStock.findIndex((product) => !canPay(customer, product));
  return first < 0 ? inStock : inStock.slice(0, first);
}

function canPay({ available }: Customer, { price }: ShelfProduct): boolean {
  return available === null || available >= price;
}

function pick<Item>(items: readonly Item[], random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)];
}
