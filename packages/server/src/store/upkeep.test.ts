import pg from 'pg';
import { expect, it } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../tests/harness/postgres.ts';

it('has PostgreSQL sample coarsely and clean up in small steps what grows with the ledger', async () => {
  const url = await createBankDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // What is never changed once it stands grows for ever, and so do its indexes.
    const { rows } = await client.query<{ name: string }>(
      `with growing as (
         select tgrelid as id from pg_trigger where tgfoid = 'refuse_change'::regproc
          and tgrelid <> 'head'::regclass
       ), sampled as (
         select id from growing
         union all
         select indexrelid from pg_index join growing on indrelid = id where indexprs is not null
       )
       select distinct sampled.id::regclass::text as name
         from sampled
         join pg_class on pg_class.oid = sampled.id
         join pg_attribute on attrelid = sampled.id and attnum > 0 and not attisdropped
        where coalesce(attstattarget, -1) <> 10
           or (relkind = 'r'
               and not coalesce(reloptions @> array['autovacuum_vacuum_cost_limit=40'], false))
        order by name`,
    );
    expect(rows).toEqual([]);
  } finally {
    await client.end();
    await abandonDatabase(url);
  }
});
