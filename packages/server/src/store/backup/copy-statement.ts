import pg from 'pg';

/** COPY of every column that holds facts, in the format that is the same in every version of PostgreSQL. */
export function copyStatement(
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
  direction: 'to stdout' | 'from stdin',
): string {
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  return `copy public.${pg.escapeIdentifier(name)} (${list}) ${direction} (format text, encoding 'UTF8')`;
}
