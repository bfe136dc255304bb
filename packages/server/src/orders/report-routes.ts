import { OrderReport, OrderReportQuery, type OrderReportQuery as Query } from '@lastro/contract';
import type { Application } from '../http/application.ts';
import { answers } from '../http/answers.ts';
import { toWideInteger } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';
import { periodOf } from '../http/period.ts';
import type { OrdersParts } from './routes.ts';

type Grouping = NonNullable<Query['by']>;

/** What each grouping counts: whole orders, or the lines of one product in them. */
const GROUPINGS: Readonly<Record<Grouping, { key: string; from: string; total: string }>> = {
  product: {
    key: 'l.sku',
    from: 'placed o join order_line l on l.order_seq = o.seq',
    total: 'l.total',
  },
  customer: { key: 'o.customer', from: 'placed o', total: 'o.total' },
  status: { key: 'o.status', from: 'placed o', total: 'o.total' },
  hour: {
    key: `to_char(date_trunc('hour', o.at at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
    from: 'placed o',
    total: 'o.total',
  },
};

export function registerReports(app: Application, { reads }: OrdersParts): void {
  app.get(
    '/v1/reports/orders',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Orders by product, customer, status or hour (UTC)',
        description:
          '`from` is included, `to` is not; without them all orders count. An order of several ' +
          'products counts for each of them, with its lines. What was cancelled since, whenever that ' +
          'was, counts as cancelled and is no part of `completed` and `total`.',
        tags: ['reports'],
        querystring: OrderReportQuery,
        response: answers(200, OrderReport, [400, 401, 503]),
      },
    },
    async ({ query }) => ({ data: await readReport(reads, query) }),
  );
}

async function readReport(reads: Snapshot, query: Query): Promise<OrderReport['data']> {
  const period = periodOf(query);
  const { key, from, total } = GROUPINGS[query.by ?? 'status'];
  const rows = await reads.rows<{
    key: string;
    orders: bigint;
    completed: bigint;
    refused: bigint;
    cancelled: bigint;
    total: bigint;
  }>(
    `with placed as (
       select o.seq, o.customer, o.total, o.at,
              case when c.id is null then o.status else 'cancelled' end as status
         from orders o left join order_cancellation c on c.order_id = o.id
        where ($1::bigint is null or o.at >= to_timestamp($1::bigint / 1000.0))
          and ($2::bigint is null or o.at < to_timestamp($2::bigint / 1000.0)))
     select ${key} as key, count(distinct o.seq) as orders,
            count(distinct o.seq) filter (where o.status = 'completed') as completed,
            count(distinct o.seq) filter (where o.status = 'refused') as refused,
            count(distinct o.seq) filter (where o.status = 'cancelled') as cancelled,
            coalesce(sum(${total}) filter (where o.status = 'completed'), 0) as total
       from ${from}
      group by 1 order by 1`,
    [period.from, period.to],
  );
  return rows.map((row) => ({
    key: row.key,
    orders: Number(row.orders),
    completed: Number(row.completed),
    refused: Number(row.refused),
    cancelled: Number(row.cancelled),
    total: toWideInteger(row.total),
  }));
}
