import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { RegisterSetupError } from '../register-setup-error.ts';

/** Any number, the same in every version and another than the banks' own. */
const MIGRATION_LOCK = 7_237_520;

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

function readMigrations(): readonly Migration[] {
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
 * Brings the register's schema up to this version in one transaction: banks of one database that start
 * together wait for each other, and a kill leaves nothing half done. Rejects with `RegisterSetupError`
 * where the schema is newer, or with an error of the database.
 */
export async function migrateRegister(client: pg.ClientBase): Promise<void> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('create schema if not exists lastro_register');
    await client.query(
      `create table if not exists lastro_register.migration (
         name text primary key,
         checksum text not null,
         applied_at timestamptz not null default now()
       )`,
    );
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from lastro_register.migration',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    const migrations = readMigrations();
    refuseUnknown(applied, migrations);
    for (const { name, text, checksum } of migrations) {
      if (applied.has(name)) continue;
      await client.query(text);
      await client.query('insert into lastro_register.migration (name, checksum) values ($1, $2)', [
        name,
        checksum,
      ]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function refuseUnknown(
  applied: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    if (known.get(name) === checksum) continue;
    throw new RegisterSetupError(
      'register_schema_newer',
      `The register has the migration ${name}, which this version of Lastro does not know: run the newer version.`,
    );
  }
}
