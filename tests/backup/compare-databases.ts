import { query } from '../harness/postgres.ts';

/** Every ordinary table of the schema `public`. */
export async function tablesOf(url: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    url,
    `select relname::text as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Every row of every table as text, in one order: equal for equal databases, whatever holds them. */
export async function contentsOf(url: string): Promise<Record<string, string[]>> {
  const contents: Record<string, string[]> = {};
  for (const table of await tablesOf(url)) {
    const rows = await query<{ row: string }>(
      url,
      `select t::text as row from "${table}" t order by t::text collate "C"`,
    );
    contents[table] = rows.map(({ row }) => row);
  }
  return contents;
}

/** What is only ever added to, up to this event and block: rows as text, blocks with their bytes. */
export async function historyUpTo(
  url: string,
  { seq, block }: { readonly seq: number; readonly block: number },
): Promise<Record<string, string[]>> {
  const upTo: Readonly<Record<string, string>> = {
    block: `block <= ${block}`,
    transfer: `seq <= ${seq}`,
    transaction: `seq <= ${seq}`,
    orders: `seq <= ${seq}`,
    order_line: `order_seq <= ${seq}`,
    outcome: `seq <= ${seq}`,
  };
  const history: Record<string, string[]> = {};
  for (const [table, condition] of Object.entries(upTo)) {
    const rows = await query<{ row: string }>(
      url,
      `select t::text as row from "${table}" t where ${condition} order by t::text collate "C"`,
    );
    history[table] = rows.map(({ row }) => row);
  }
  return history;
}
