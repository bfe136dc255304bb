import type pg from 'pg';

/** An ordinary table of the schema `public` that no extension brought. */
export interface ListedTable {
  readonly name: string;
  /** Those that hold facts; what PostgreSQL computes from others is not among them. */
  readonly columns: readonly string[];
  /** With its indexes left out; a measure for progress. */
  readonly bytes: number;
}

interface TableRow extends ListedTable {
  /** The other tables that its foreign keys name. */
  readonly parents: readonly string[];
}

const TABLES = `
  select c.relname::text as name,
         array(select a.attname::text from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  and a.attgenerated = ''
                order by a.attname collate "C") as columns,
         array(select r.relname::text from pg_class r
                where r.oid in (select k.confrelid from pg_constraint k
                                 where k.conrelid = c.oid and k.contype = 'f'
                                   and k.confrelid <> c.oid)) as parents,
         pg_table_size(c.oid)::float8 as bytes
    from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
     and not exists (select 1 from pg_depend d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by c.relname collate "C"`;

/** In the order of their names, but each after those that its foreign keys name. */
export async function listTables(client: pg.Client): Promise<ListedTable[]> {
  const { rows } = await client.query<TableRow>(TABLES);
  return parentsFirst(rows).map(({ name, columns, bytes }) => ({ name, columns, bytes }));
}

/** Where tables refer to each other in a circle, the order of names decides. */
function parentsFirst(tables: readonly TableRow[]): TableRow[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Set<TableRow>();
  const place = (table: TableRow, way: readonly TableRow[]): void => {
    if (ordered.has(table) || way.includes(table)) return;
    for (const name of table.parents) {
      const parent = byName.get(name);
      if (parent !== undefined) place(parent, [...way, table]);
    }
    ordered.add(table);
  };
  for (const table of tables) place(table, []);
  return [...ordered];
}

/** A sequence of the schema `public` that has given numbers, and the last of them. */
export interface ListedSequence {
  readonly name: string;
  /** Decimal. */
  readonly last: string;
}

export async function listSequences(client: pg.Client): Promise<ListedSequence[]> {
  const { rows } = await client.query<ListedSequence>(
    `select sequencename::text as name, last_value::text as last from pg_sequences
      where schemaname = 'public' and last_value is not null
      order by sequencename collate "C"`,
  );
  return rows;
}
