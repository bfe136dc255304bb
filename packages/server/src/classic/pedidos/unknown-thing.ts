import type { Snapshot } from '../../store/reads.ts';
import type { OrderChoice } from './order-choice.ts';

const MISSING = `
  select 'customer' as kind, $1 as id
   where not exists (select from account where id = $1)
  union all
  (select 'product', asked.sku
     from unnest($2::text[]) with ordinality as asked (sku, place)
    where not exists (select from product where product.sku = asked.sku)
    order by asked.place
    limit 1)
  limit 1`;

export interface UnknownThing {
  readonly kind: 'customer' | 'product';
  readonly id: string;
}

/** The first of a choice's customer and products that the bank doesn't have. */
export async function findUnknown(
  reads: Snapshot,
  { customer, lines }: OrderChoice,
): Promise<UnknownThing | undefined> {
  const skus = lines.map(({ sku }) => sku);
  const [missing] = await reads.rows<{ kind: 'customer' | 'product'; id: string }>(MISSING, [
    customer,
    skus,
  ]);
  return missing;
}
