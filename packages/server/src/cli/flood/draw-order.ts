import type { LastroClient, Page, PageQuery } from '@lastro/client';
import type { AccountAnswer, OrderRequest } from '@lastro/contract';
import { isSystemAccount } from '@lastro/core';
import type { Chance } from './chance.ts';
import { isPlayAccount } from './draw-transfer.ts';

/** Products that can be ordered, each with those who might buy it. */
export interface Market {
  readonly goods: readonly MarketGoods[];
  /** The product with the most units when the market was read; none without goods. */
  readonly hot: MarketGoods | undefined;
}

export interface MarketGoods {
  readonly sku: string;
  readonly merchant: string;
  readonly stock: number;
  /** At least one: accounts with money in the product's asset. */
  readonly customers: readonly string[];
}

const PAGE_SIZE = 1_000;
/** Products looked at, and accounts per asset. */
const READ_MAX = 20_000;
/** So many orders ask for two products where the merchant has them. */
const TWO_LINES_SHARE = 0.2;

/** Reads what is there: products with a merchant, and who has money to buy them. Rejects with `LastroError`. */
export async function readMarket(client: LastroClient): Promise<Market> {
  const products = await readAll((query) => client.listProducts(query));
  const merchants = new Set(products.map(({ merchant }) => merchant));
  const customers = new Map<string, readonly string[]>();
  for (const asset of new Set(products.map((product) => product.asset))) {
    const accounts = await readAll((query) => client.listAccounts({ ...query, asset }));
    const rich = accounts.filter((account) => isCustomer(account) && !merchants.has(account.id));
    customers.set(
      asset,
      rich.map(({ id }) => id),
    );
  }
  const goods = products.flatMap(({ sku, merchant, asset, stock }) => {
    const buyers = customers.get(asset) ?? [];
    return merchant === null || buyers.length === 0
      ? []
      : [{ sku, merchant, stock, customers: buyers }];
  });
  const [hot] = goods.toSorted((left, right) => right.stock - left.stock);
  return { goods, hot };
}

function isCustomer({ id, balance, status }: AccountAnswer): boolean {
  return !isSystemAccount(id) && !isPlayAccount(id) && status === 'open' && Number(balance) > 0;
}

async function readAll<Item>(
  readPage: (query: PageQuery) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let query: PageQuery | undefined = { limit: PAGE_SIZE };
  while (query !== undefined && items.length < READ_MAX) {
    const { data, next }: Page<Item> = await readPage(query);
    items.push(...data);
    query = next === null ? undefined : { limit: PAGE_SIZE, cursor: next };
  }
  return items;
}

/** One unit of one product, now and then of two; `hotShare` (0 to 1) of the orders ask for the hot one. */
export function drawOrder({ goods, hot }: Market, chance: Chance, hotShare: number): OrderRequest {
  const isHot = chance.happens(hotShare);
  const drawn = chance.pick(goods);
  const first = isHot && hot !== undefined ? hot : drawn;
  const second = chance.pick(goods);
  const isPair =
    chance.happens(TWO_LINES_SHARE) &&
    second.sku !== first.sku &&
    second.merchant === first.merchant &&
    second.customers === first.customers;
  return {
    customer: chance.pick(first.customers),
    merchant: first.merchant,
    lines: [first, ...(isPair ? [second] : [])].map(({ sku }) => ({ sku, quantity: 1 })),
  };
}
