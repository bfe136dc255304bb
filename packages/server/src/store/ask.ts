import type pg from 'pg';

/** `query_timeout`, in milliseconds, is the driver's, whose types leave it out. */
interface Query extends Omit<pg.QueryConfig, 'values'> {
  readonly values: readonly unknown[];
  readonly query_timeout?: number;
}

/**
 * The rows of one query. The driver keeps a query until the next full collection of memory (see
 * `pipeline.ts`), so it is left empty: without what was asked, and without what came.
 */
export async function ask<Row extends object>(
  queryable: pg.Pool | pg.PoolClient,
  query: Query,
): Promise<Row[]> {
  const values = [...query.values];
  try {
    const { rows } = await queryable.query<Row>({ ...query, values });
    return rows.splice(0);
  } finally {
    values.length = 0;
  }
}
