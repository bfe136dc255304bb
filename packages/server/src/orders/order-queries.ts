import type { OrderAnswer } from '@lastro/contract';
import { toJsonInteger, toTimestamp } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';

interface OrderRow {
  id: string;
  seq: bigint;
  status: 'completed' | 'refused';
  customer: string;
  merchant: string;
  asset: string | null;
  total: bigint | null;
  code: string | null;
  details: { account?: string; sku?: string } | null;
  at: number;
}

interface LineRow {
  order_seq: bigint;
  sku: string;
  name: string | null;
  unit_price: bigint | null;
  quantity: bigint;
  total: bigint | null;
}

const COLUMNS = 'id, seq, status, customer, merchant, asset, total, code, details, at';

export async function readOrder(reads: Snapshot, id: string): Promise<OrderAnswer | undefined> {
  const rows = await reads.rows<OrderRow>(`select ${COLUMNS} from orders where id = $1`, [id]);
  const [order] = await withLines(reads, rows);
  return order;
}

export interface OrderFilter {
  readonly status: 'completed' | 'refused' | undefined;
  readonly customer: string | undefined;
}

/** Orders, newest first, decided before the event of number `before`. */
export async function readOrders(
  reads: Snapshot,
  { status, customer }: OrderFilter,
  before: number | undefined,
  limit: number,
): Promise<OrderAnswer[]> {
  const rows = await reads.rows<OrderRow>(
    `select ${COLUMNS} from orders
      where ($1::text is null or status = $1) and ($2::text is null or customer = $2)
        and ($3::bigint is null or seq < $3)
      order by seq desc limit $4`,
    [status ?? null, customer ?? null, before ?? null, limit],
  );
  return withLines(reads, rows);
}

async function withLines(reads: Snapshot, orders: readonly OrderRow[]): Promise<OrderAnswer[]> {
  if (orders.length === 0) return [];
  const lines = await reads.rows<LineRow>(
    `select order_seq, sku, name, unit_price, quantity, total
       from order_line where order_seq = any($1::bigint[]) order by order_seq, line`,
    [orders.map(({ seq }) => seq.toString())],
  );
  const bySeq = Map.groupBy(lines, ({ order_seq }) => order_seq);
  return orders.map((order) => toAnswer(order, bySeq.get(order.seq) ?? []));
}

function toAnswer(order: OrderRow, lines: readonly LineRow[]): OrderAnswer {
  const { id, status, customer, merchant, asset, total, code, details } = order;
  return {
    id,
    status,
    customer,
    merchant,
    ...(asset === null ? {} : { asset }),
    lines: lines.map(toLine),
    ...(total === null ? {} : { total: toJsonInteger(total), transactionId: id }),
    ...(code === null ? {} : { code, ...details }),
    seq: Number(order.seq),
    at: toTimestamp(order.at),
  };
}

function toLine({ sku, name, unit_price, quantity, total }: LineRow): OrderAnswer['lines'][number] {
  return {
    sku,
    ...(name === null ? {} : { name }),
    ...(unit_price === null ? {} : { unitPrice: toJsonInteger(unit_price) }),
    quantity: toJsonInteger(quantity),
    ...(total === null ? {} : { total: toJsonInteger(total) }),
  };
}
