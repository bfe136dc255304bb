import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { refuseUnfinishedRestore } from './backup/unfinished-restore.ts';
import { crashPoint } from './crash-point.ts';
import { StoreError } from './store-error.ts';

/** Any number, the same in every version: only one program migrates a database at a time. */
const MIGRATION_LOCK = 7_237_519;

export interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** The numbered files of `migrations/`, in their order. */
export function readMigrations(): readonly Migration[] {
  const folder = new URL('./migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    });
}

/**
 * Brings the schema up to this version: forward only, each file in one transaction, so that a kill
 * leaves whole files applied and the next start goes on. Refuses a schema that is newer.
 */
export async function migrate(client: pg.Client): Promise<void> {
  const migrations = readMigrations();
  // A restore under way holds the lock; its mark stands before.
  await refuseUnfinishedRestore(client);
  await lockMigrations(client);
  try {
    await refuseUnfinishedRestore(client);
    await createMigrationTable(client);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from migration',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    refuseUnknown(applied, migrations);
    for (const migration of migrations) {
      crashPoint('before-migration');
      if (!applied.has(migration.name)) await applyMigration(client, migration);
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
}

/** Nobody else prepares this database until the connection ends or gives the lock back. */
export async function lockMigrations(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
}

export async function createMigrationTable(client: pg.Client): Promise<void> {
  await client.query(
    `create table if not exists migration (
       name text primary key,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
  );
}

function refuseUnknown(
  applied: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    const expected = known.get(name);
    if (expected === undefined) {
      throw new StoreError(
        'schema_newer',
        `This database has the migration ${name}, which this version of Lastro does not know: run the newer version.`,
      );
    }
    if (expected !== checksum) {
      throw new StoreError(
        'schema_changed',
        `The migration ${name} was applied to this database with another text: run the version that applied it.`,
      );
    }
  }
}

async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await runMigration(client, migration);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Applies and records it in the transaction that is open. */
export async function runMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client.query(migration.text);
  crashPoint('within-migration');
  await client.query('insert into migration (name, checksum) values ($1, $2)', [
    migration.name,
    migration.checksum,
  ]);
}
