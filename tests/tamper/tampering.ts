import pg from 'pg';
import { verifySnapshot } from '../../packages/server/src/ledger/journal/verify/verify-database.ts';
import type { Evidence } from '../../packages/server/src/ledger/journal/verify/journal-verifier.ts';
import type { VerifyReport } from '../../packages/server/src/ledger/journal/index.ts';

const NO_EVIDENCE: Evidence = { checkpoints: [], trustedKey: null };

/** Primary keys first: their columns can't be null otherwise. */
const DROP_CONSTRAINTS = `do $$
  declare found record;
  begin
    for found in
      select conrelid::regclass as relation, conname from pg_constraint
       where conrelid <> 0 and connamespace = 'public'::regnamespace
         and contype in ('c', 'u', 'p', 'x')
       order by contype = 'p' desc
    loop
      execute format('alter table %s drop constraint %I', found.relation, found.conname);
    end loop;
    for found in
      select indexrelid::regclass as index from pg_index i join pg_class c on c.oid = i.indrelid
       where c.relnamespace = 'public'::regnamespace
         and (i.indisunique or i.indexprs is not null)
    loop
      execute format('drop index %s', found.index);
    end loop;
    for found in
      select c.oid::regclass as relation, a.attname from pg_attribute a
        join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
         and a.attnum > 0 and a.attnotnull and not a.attisdropped
    loop
      execute format('alter table %s alter column %I drop not null', found.relation, found.attname);
    end loop;
  end $$`;

/** An owner of the database who stops at nothing: constraints and what indexes demand are dropped for good, triggers sleep. */
export class Tamperer {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async connect(url: string): Promise<Tamperer> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(DROP_CONSTRAINTS);
    return new Tamperer(client);
  }

  /** Rows as text, outside any tampering. */
  async rows(statement: string): Promise<Record<string, string | null>[]> {
    const { rows } = await this.#client.query<Record<string, string | null>>(statement);
    return rows;
  }

  /** Changes rows for good, past every trigger. */
  async change(statement: string): Promise<void> {
    await this.#client.query('set session_replication_role = replica');
    try {
      const { rowCount } = await this.#client.query(statement);
      if (rowCount === 0) throw new Error(`changed nothing: ${statement}`);
    } finally {
      await this.#client.query('set session_replication_role = origin');
    }
  }

  /** What `lastro verify` says after the statements; they are undone again. */
  async verifyAfter(
    statements: readonly string[],
    evidence: Evidence = NO_EVIDENCE,
  ): Promise<VerifyReport> {
    await this.#client.query('begin isolation level repeatable read');
    try {
      await this.#client.query('set local session_replication_role = replica');
      for (const statement of statements) {
        const { rowCount, command } = await this.#client.query(statement);
        if (rowCount === 0 && command !== 'ALTER') throw new Error(`changed nothing: ${statement}`);
      }
      return await verifySnapshot(this.#client, evidence);
    } finally {
      await this.#client.query('rollback');
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
