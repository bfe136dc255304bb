import type { ProductAnswer } from '@lastro/contract';
import { toJsonInteger } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';

interface ProductRow {
  sku: string;
  name: string;
  price: bigint;
  asset: string;
  merchant: string | null;
  version: bigint;
  stock: bigint;
  reserved: bigint;
  sold: bigint;
}

const PRODUCTS = `select p.sku, p.name, p.price, p.asset, p.merchant, p.version,
    s.credits_posted - s.debits_posted - s.debits_pending as stock,
    s.debits_pending as reserved,
    o.credits_posted - o.debits_posted as sold
  from product p
  join account s on s.id = 'stock:' || p.sku
  join account o on o.id = 'sold:' || p.sku`;

function toAnswer(row: ProductRow): ProductAnswer {
  return {
    sku: row.sku,
    name: row.name,
    price: toJsonInteger(row.price),
    asset: row.asset,
    merchant: row.merchant,
    stock: toJsonInteger(row.stock),
    reserved: toJsonInteger(row.reserved),
    sold: toJsonInteger(row.sold),
    version: Number(row.version),
  };
}

export async function readProduct(
  reads: Snapshot,
  sku: string,
): Promise<ProductAnswer | undefined> {
  const [row] = await reads.rows<ProductRow>(`${PRODUCTS} where p.sku = $1`, [sku]);
  return row === undefined ? undefined : toAnswer(row);
}

/** Products in the order of their skus, after the sku of the page before. */
export async function readProducts(
  reads: Snapshot,
  after: string | undefined,
  limit: number,
): Promise<ProductAnswer[]> {
  const rows = await reads.rows<ProductRow>(
    `${PRODUCTS} where ($1::text is null or p.sku > $1) order by p.sku limit $2`,
    [after ?? null, limit],
  );
  return rows.map(toAnswer);
}
