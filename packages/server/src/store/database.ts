import { connect, READER_LIMITS, type DatabaseTarget } from './connection.ts';
import { migrate } from './migrate.ts';
import { openBank } from './open-bank.ts';
import { openReads, type Reads } from './reads.ts';
import { refuseUnsafe } from './refuse-unsafe.ts';
import { prepareServingRole } from './serving-role.ts';
import { readStatements } from './statements.ts';
import { openWriter, type Writer } from './writer.ts';

/** A migration may build an index over a large table. */
const MIGRATION_LIMITS = { ...READER_LIMITS, statementTimeoutMs: 3_600_000, lockTimeoutMs: 60_000 };

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
  const client = await connect({ url, role: null }, MIGRATION_LIMITS, onError);
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
