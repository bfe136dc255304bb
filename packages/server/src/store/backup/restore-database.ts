import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { connect } from '../connection.ts';
import { crashPoint } from '../crash-point.ts';
import { isLockTimeout } from '../database-error.ts';
import {
  createMigrationTable,
  lockMigrations,
  readMigrations,
  runMigration,
  type Migration,
} from '../migrate.ts';
import { refuseUnsafe } from '../refuse-unsafe.ts';
import { BackupError } from './backup-error.ts';
import type { BackupHeader } from './backup-format.ts';
import { copyStatement } from './copy-statement.ts';
import { lineFeedsIn } from './line-feeds.ts';
import { listTables } from './list-tables.ts';
import type { OpenedBackup } from './open-backup.ts';
import { markUnfinished, UNFINISHED, unmarkUnfinished } from './unfinished-restore.ts';

export interface RestoreOptions<Found> {
  readonly url: string;
  readonly backup: OpenedBackup;
  /**
   * Looks at the restored bank, in the schema of this version, within the transaction that brings it;
   * when it rejects, nothing was restored.
   */
  readonly check: (client: pg.Client) => Promise<Found>;
}

export interface Restored<Found> {
  readonly rowsOfTables: ReadonlyMap<string, number>;
  /** Tables in the backup that no migration makes, so they are not the bank's: left out. */
  readonly tablesLeftOut: readonly string[];
  /** Migrations of this version that the backup did not have yet. */
  readonly migrated: readonly string[];
  readonly found: Found;
}

/** Rows may come as slowly as the file, and an index may take its time; only who holds the lock is waited for. */
const LIMITS = { statementTimeoutMs: 0, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 0 };

/**
 * Restores a bank into an empty database, in one transaction: schema, rows, later migrations, `check`.
 * From its first moment to its last the database holds a mark that no server serves from; a restore
 * that was killed is run again on the same place. Rejects with `BackupError`, `StoreError`, with what
 * `check` rejects with, or with the error of `pg`; a place that holds anything else is left as it is.
 */
export async function restoreDatabase<Found>({
  url,
  backup,
  check,
}: RestoreOptions<Found>): Promise<Restored<Found>> {
  const migrations = migrationsOf(backup.header);
  // A connection that breaks also rejects the query under way.
  const client = await connect({ url, role: null }, LIMITS, () => undefined);
  try {
    await refuseUnsafe(client);
    await lockPlace(client);
    await refuseUsedPlace(client);
    await markUnfinished(client);
    crashPoint('restore-marked');
    await client.query('begin');
    const restored = await bringIn(client, backup, migrations);
    const found = await check(client);
    await unmarkUnfinished(client);
    crashPoint('restore-before-commit');
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error(`the restore was not committed: ${command}`);
    crashPoint('restore-committed');
    return { ...restored, found };
  } finally {
    // An open transaction ends with its connection.
    await client.end().catch(() => undefined);
  }
}

interface Migrations {
  /** Those that the backup has. */
  readonly before: readonly Migration[];
  /** Those that this version adds. */
  readonly after: readonly Migration[];
}

/** Throws `BackupError` when this version can't make the backup's schema. */
export function migrationsOf({ migrations, lastro }: BackupHeader): Migrations {
  const known = readMigrations();
  const applied = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    const own = known.find((migration) => migration.name === name);
    if (own === undefined) throw new BackupError({ kind: 'schema_newer', migration: name, lastro });
    if (own.checksum !== checksum) {
      throw new BackupError({ kind: 'schema_changed', migration: name, lastro });
    }
  }
  return {
    before: known.filter(({ name }) => applied.has(name)),
    after: known.filter(({ name }) => !applied.has(name)),
  };
}

/** Nobody else migrates or restores this database until the connection ends. */
async function lockPlace(client: pg.Client): Promise<void> {
  try {
    await lockMigrations(client);
  } catch (cause) {
    throw isLockTimeout(cause) ? new BackupError({ kind: 'place_in_use' }, { cause }) : cause;
  }
}

async function refuseUsedPlace(client: pg.Client): Promise<void> {
  const tables = (await listTables(client)).map(({ name }) => name);
  const [table] = tables.filter((name) => name !== UNFINISHED);
  if (table === undefined) return;
  if (tables.includes('head')) {
    const { rows } = await client.query<{ bank: string; block: string }>(
      'select bank, block::text from public.head',
    );
    const [head] = rows;
    if (head !== undefined) {
      throw new BackupError({ kind: 'holds_bank', bank: head.bank, block: Number(head.block) });
    }
  }
  throw new BackupError({ kind: 'not_empty', table });
}

/** Schema, rows and later migrations, within the transaction that is open. */
async function bringIn(
  client: pg.Client,
  backup: OpenedBackup,
  { before, after }: Migrations,
): Promise<Omit<Restored<never>, 'found'>> {
  await createMigrationTable(client);
  // Their names come with the rows of the table `migration`.
  for (const { text } of before) await client.query(text);
  const tablesLeftOut = await matchTables(client, backup.header.tables);
  const rowsOfTables = await copyRows(client, backup, new Set(tablesLeftOut));
  for (const { name, last } of backup.header.sequences) {
    await client.query(
      `select setval(c.oid::regclass, $2::bigint) from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and c.relname = $1`,
      [name, last],
    );
  }
  for (const migration of after) await runMigration(client, migration);
  // What waited when the backup was made may have been begun since: it would be begun twice.
  await client.query('delete from public.queued_request');
  // Whoever reads it next, `check` first, needs plans that fit.
  await client.query('analyze');
  return { rowsOfTables, tablesLeftOut, migrated: after.map(({ name }) => name) };
}

/** Every table of the schema must be in the backup, column by column; the names of those that only the backup has. */
async function matchTables(
  client: pg.Client,
  tables: BackupHeader['tables'],
): Promise<readonly string[]> {
  const offered = new Map(tables.map(({ name, columns }) => [name, columns]));
  const made = await listTables(client);
  for (const { name, columns } of made) {
    if (name === UNFINISHED) continue;
    if (offered.get(name)?.toSorted().join() === columns.toSorted().join()) continue;
    throw new BackupError({ kind: 'tables_differ', table: name });
  }
  const names = new Set(made.map(({ name }) => name));
  return [...offered.keys()].filter((name) => !names.has(name));
}

async function copyRows(
  client: pg.Client,
  backup: OpenedBackup,
  leftOut: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const counts = await backup.readTables(async (table, rows) => {
    if (leftOut.has(table.name)) return countLines(rows);
    const name = `public.${pg.escapeIdentifier(table.name)}`;
    // A row comes as it was: what its arrival set off, it set off when it first came.
    await client.query(`alter table ${name} disable trigger user`);
    // What a migration put there comes again.
    await client.query(`delete from ${name}`);
    const copy = client.query(copyFrom(copyStatement(table, 'from stdin')));
    await pipeline(rows, copy);
    crashPoint('restore-within-copy');
    await client.query(`alter table ${name} enable trigger user`);
    return copy.rowCount;
  });
  return new Map([...counts].filter(([name]) => !leftOut.has(name)));
}

async function countLines(rows: AsyncIterable<Buffer>): Promise<number> {
  let count = 0;
  for await (const piece of rows) count += lineFeedsIn(piece);
  return count;
}
