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
  /** The transaction across banks that it is part of. */
  owner: string | null;
  cancellation_id: string | null;
  cancellation_seq: bigint | null;
  cancellation_at: number | null;
}

interface LineRow {
  order_seq: bigint;
  sku: string;
  name: string | null;
  unit_price: bigint | null;
  quantity: bigint;
  total: bigint | null;
}

const ORDERS = `select o.id, o.seq, o.status, o.customer, o.merchant, o.asset, o.total, o.code,
    o.details, o.at, t.owner, c.id as cancellation_id, c.seq as cancellation_seq,
    c.at as cancellation_at
  from orders o
  left join transaction t on t.id = o.id
  left join order_cancellation c on c.order_id = o.id`;

export async function readOrder(reads: Snapshot, id: string): Promise<OrderAnswer | undefined> {
  const rows = await reads.rows<OrderRow>(`${ORDERS} where o.id = $1`, [id]);
  const [order] = await withLines(reads, rows);
  return order;
}

export interface OrderFilter {
  readonly status: OrderAnswer['status'] | undefined;
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
    `${ORDERS}
      where ($1::text is null or $1 = case when c.id is null then o.status else 'cancelled' end)
        and ($2::text is null or o.customer = $2) and ($3::bigint is null or o.seq < $3)
      order by o.seq desc limit $4`,
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
  const { id, status, customer, merchant, asset, total, code, details, owner } = order;
  return {
    id,
    status: order.cancellation_id === null ? status : 'cancelled',
    customer,
    merchant,
    ...(asset === null ? {} : { asset }),
    lines: lines.map(toLine),
    ...(total === null ? {} : { total: toJsonInteger(total), transactionId: owner ?? id }),
    ...cancellationOf(order),
    ...(code === null ? {} : { code, ...details }),
    seq: Number(order.seq),
    at: toTimestamp(order.at),
  };
}

function cancellationOf(order: OrderRow): Pick<OrderAnswer, 'cancellation'> {
  const { cancellation_id: transactionId, cancellation_seq: seq, cancellation_at: at } = order;
  if (transactionId === null || seq === null || at === null) return {};
  return { cancellation: { transactionId, seq: Number(seq), at: toTimestamp(at) } };
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
