import type { Snapshot } from '../../store/reads.ts';
import { reaisNumber } from '../reais.ts';

/** A successful order, money in centavos. */
export interface ReportedOrder {
  readonly seq: bigint;
  readonly customer: string;
  readonly items: readonly ReportedItem[];
  readonly total: bigint;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface ReportedItem {
  readonly product: string;
  readonly quantity: bigint;
  readonly unitPrice: bigint;
}

export const REPORT_LIMIT_DEFAULT = 1_000;
export const REPORT_LIMIT_MAX = 10_000;

/** Which part of the report: orders before `before`, the newest first. */
export interface ReportPage {
  readonly limit: number;
  readonly before: bigint | null;
}

interface LineRow {
  seq: bigint;
  customer: string;
  total: bigint;
  at: number;
  product: string;
  quantity: bigint;
  unit_price: bigint;
}

const LINES = `
  with page as (
    select seq, customer, total, at
      from orders
     where status = 'completed' and merchant = $1 and asset = $2
       and not exists (select 1 from order_cancellation where order_id = orders.id)
       and ($3::bigint is null or seq < $3)
     order by seq desc
     limit $4
  )
  select page.seq, page.total, page.at,
         coalesce(account.metadata ->> 'nome', account.metadata ->> 'name', page.customer) as customer,
         order_line.name as product, order_line.quantity, order_line.unit_price
    from page
    join order_line on order_line.order_seq = page.seq
    left join account on account.id = page.customer
   order by page.seq desc, order_line.line`;

/** The shop's successful orders, the newest first; one that was cancelled is none. */
export async function readReport(
  reads: Snapshot,
  shop: { readonly merchant: string; readonly asset: string },
  { limit, before }: ReportPage,
): Promise<readonly ReportedOrder[]> {
  const rows = await reads.rows<LineRow>(LINES, [shop.merchant, shop.asset, before, limit]);
  const orders: (ReportedOrder & { readonly items: ReportedItem[] })[] = [];
  for (const { seq, customer, total, at, product, quantity, unit_price: unitPrice } of rows) {
    let order = orders.at(-1);
    if (order?.seq !== seq) {
      order = { seq, customer, items: [], total, at };
      orders.push(order);
    }
    order.items.push({ product, quantity, unitPrice });
  }
  return orders;
}

/** An order as the classic client reads it. */
export function toReportJson({ seq, customer, items, total, at }: ReportedOrder) {
  return {
    id: Number(seq),
    cliente: customer,
    itens: items.map(({ product, quantity, unitPrice }) => ({
      produto: product,
      quantidade: Number(quantity),
      preco_unitario: reaisNumber(unitPrice),
    })),
    total: reaisNumber(total),
    criado_em: new Date(at).toISOString(),
  };
}
