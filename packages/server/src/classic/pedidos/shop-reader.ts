import type { Snapshot } from '../../store/reads.ts';
import { arrangeShop, type Shop } from './choose-order.ts';

/** Customers and products that one drawing chooses among. */
const CANDIDATES_MAX = 1_000;

interface CustomerRow {
  id: string;
  balance: bigint;
  available: bigint | null;
}

interface ProductRow {
  sku: string;
  price: bigint;
  stock: bigint;
}

const CUSTOMERS = `
  select id,
         credits_posted - debits_posted as balance,
         credits_posted - debits_posted - debits_pending + credit_limit as available
    from account
   where id >= 'cliente:' and id < 'cliente;' and id ~ '^cliente:[1-9][0-9]*$'
     and asset = $1 and status = 'open'
   order by credits_posted - debits_posted > 0 desc, random()
   limit ${CANDIDATES_MAX}`;

const PRODUCTS = `
  select product.sku, product.price,
         shelf.credits_posted - shelf.debits_posted - shelf.debits_pending as stock
    from product
    join account shelf on shelf.id = 'stock:' || product.sku
   where product.sku >= 'produto:' and product.sku < 'produto;'
     and product.sku ~ '^produto:[1-9][0-9]*$'
     and product.asset = $1 and (product.merchant is null or product.merchant = $2)
   order by shelf.credits_posted - shelf.debits_posted - shelf.debits_pending > 0 desc, random()
   limit ${CANDIDATES_MAX}`;

/** Reads whom and what orders may be drawn from; a random part of them where there are many. */
export async function readShop(reads: Snapshot, asset: string, merchant: string): Promise<Shop> {
  const [customers, products] = await Promise.all([
    reads.rows<CustomerRow>(CUSTOMERS, [asset]),
    reads.rows<ProductRow>(PRODUCTS, [asset, merchant]),
  ]);
  return arrangeShop(customers, products);
}
