import pg from 'pg';
import { connectionConfig, READER_LIMITS, type DatabaseTarget } from './connection.ts';
import { migrate } from './migrate.ts';
import { openBank } from './open-bank.ts';
import { openReads, type Reads } from './reads.ts';
import { prepareServingRole } from './serving-role.ts';
import { readStatements } from './statements.ts';
import { StoreError } from './store-error.ts';
import { openWriter, type Writer } from './writer.ts';

/** A migration may build an index over a large table. */
const MIGRATION_LIMITS = { ...READER_LIMITS, statementTimeoutMs: 3_600_000, lockTimeoutMs: 60_000 };

const SERVER_VERSION_MIN = 150_000;

/** A bank's database, migrated and ready. */
export interface Database {
  readonly reads: Reads;
  /** A new writing connection; the engine holds one at a time. */
  readonly connectWriter: () => Promise<Writer>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly bank: string;
  /** Milliseconds since 1970, for the block that opens a new bank. */
  readonly at: number;
  /** Errors of connections that no caller waits for. */
  readonly onError: (error: Error) => void;
}

/** Checks the server's settings, migrates, opens the bank; rejects with `StoreError`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const role = await prepare(options);
  const target: DatabaseTarget = { url: options.url, role };
  const statements = readStatements();
  const reads = openReads(target, options.onError);
  return {
    reads,
    connectWriter: () => openWriter(target, statements, options.onError),
    close: () => reads.close(),
  };
}

async function prepare({ url, bank, at, onError }: DatabaseOptions): Promise<string | null> {
  const client = new pg.Client(connectionConfig({ url, role: null }, MIGRATION_LIMITS));
  client.on('error', onError);
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('database_unreachable', `The database does not answer: ${reason}`, {
      cause: error,
    });
  }
  try {
    await refuseUnsafe(client);
    await migrate(client);
    const role = await prepareServingRole(client);
    await openBank(client, bank, at);
    return role;
  } finally {
    await client.end();
  }
}

/** What was acknowledged must survive a crash of the server: refuses settings that break this. */
async function refuseUnsafe(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
      where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit')`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  if (Number(settings.get('server_version_num')) < SERVER_VERSION_MIN) {
    throw new StoreError('database_too_old', 'Lastro needs PostgreSQL 15 or newer.');
  }
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if (settings.get(name) !== 'off') continue;
    throw new StoreError(
      'database_unsafe',
      `${name} is off on this PostgreSQL, so acknowledged money could be lost in a crash: turn it on.`,
    );
  }
}
