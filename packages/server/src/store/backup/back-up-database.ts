import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { connect } from '../connection.ts';
import { BackupError } from './backup-error.ts';
import { backupBytes, Written, type BackupProgress, type WrittenSoFar } from './backup-bytes.ts';
import type { BackupHeader } from './backup-format.ts';
import { copyStatement } from './copy-statement.ts';
import { listSequences, listTables, type ListedTable } from './list-tables.ts';
import { isRestoreUnfinished } from './unfinished-restore.ts';

export interface BackUpOptions {
  readonly url: string;
  /** The version of this program. */
  readonly lastro: string;
  /** Milliseconds since 1970, for the header. */
  readonly at: number;
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** A bank's database as it is at one moment, while it goes on. */
export interface Snapshot {
  readonly header: BackupHeader;
  /** The whole file; may be read once. Ends with an error when the database can't be read to the end. */
  readonly bytes: AsyncIterable<Buffer>;
  /** What was written of it. */
  readonly written: WrittenSoFar;
  close(): Promise<void>;
}

/** One snapshot for as long as it takes, however slowly the file grows; nothing may end it but the caller. */
const LIMITS = {
  statementTimeoutMs: 0,
  lockTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 0,
  tcpUserTimeoutMs: 0,
};

/** A migration that ends between looking and locking makes us look again. */
const LOOKS_MAX = 5;

/**
 * Opens one snapshot of every table of a bank, so that all of them show the same moment. Holds no
 * lock that a command waits for; a migration waits until it is closed. Rejects with `BackupError`, or
 * with the error of `pg`.
 */
export async function openSnapshot(options: BackUpOptions): Promise<Snapshot> {
  // A connection that breaks also rejects the query under way.
  const client = await connect({ url: options.url, role: null }, LIMITS, () => undefined);
  const close = () => client.end().catch(() => undefined);
  try {
    const tables = await lockTables(client);
    const header = await readHeader(client, tables, options);
    const written = new Written();
    const copied = tables.map((table) => ({
      ...table,
      copy: () => client.query(copyTo(copyStatement(table, 'to stdout'))),
    }));
    const bytes = backupBytes(header, copied, written, options.onProgress);
    return { header, bytes, written, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Begins the transaction, with a lock on every table before its snapshot: no column can change in between. */
async function lockTables(client: pg.Client): Promise<readonly ListedTable[]> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const before = await listTables(client);
    if (!before.some(({ name }) => name === 'head') || (await isRestoreUnfinished(client))) {
      throw new BackupError({ kind: 'no_bank' });
    }
    const names = before.map(({ name }) => `public.${pg.escapeIdentifier(name)}`);
    await client.query('begin isolation level repeatable read read only');
    await client.query(`lock table ${names.join(', ')} in access share mode`);
    const locked = await listTables(client);
    if (shapeOf(locked) === shapeOf(before)) return locked;
    await client.query('rollback');
  }
  throw new Error('the schema of the database changes all the time');
}

function shapeOf(tables: readonly ListedTable[]): string {
  return JSON.stringify(tables.map(({ name, columns }) => [name, columns]));
}

interface HeadRow {
  readonly bank: string;
  readonly block: string;
  readonly seq: string;
  readonly hash: string;
  readonly postgres: string;
}

async function readHeader(
  client: pg.Client,
  tables: readonly ListedTable[],
  { lastro, at }: BackUpOptions,
): Promise<BackupHeader> {
  const { rows: heads } = await client.query<HeadRow>(
    `select bank, block::text, seq::text, encode(hash, 'hex') as hash,
            current_setting('server_version') as postgres
       from public.head`,
  );
  const [head] = heads;
  if (head === undefined) throw new BackupError({ kind: 'no_bank' });
  const { rows: migrations } = await client.query<BackupHeader['migrations'][number]>(
    'select name, checksum from public.migration order by name collate "C"',
  );
  return {
    lastro,
    postgres: head.postgres,
    takenAt: new Date(at).toISOString(),
    bank: head.bank,
    block: Number(head.block),
    seq: Number(head.seq),
    hash: head.hash,
    migrations,
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
    // After the snapshot: at least as far as any row in it.
    sequences: await listSequences(client),
  };
}
