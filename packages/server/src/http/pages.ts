import { PAGE_LIMIT_DEFAULT } from '@lastro/contract';

/** One page of `rows`, which were read one beyond `limit` to see whether there are more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): { data: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? cursorOf(last) : null;
  return { data: shown.map(present), next };
}

export function limitOf(query: { readonly limit?: number }): number {
  return query.limit ?? PAGE_LIMIT_DEFAULT;
}
