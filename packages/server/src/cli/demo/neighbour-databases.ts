import process from 'node:process';
import pg from 'pg';
import { CliError, exitCode } from '../exit-code.ts';
import type { DatabaseSource } from '../database-source.ts';
import type { Texts } from '../texts.ts';

const connectTimeoutMs = 5_000;
const queryTimeoutMs = 30_000;
/** Of PostgreSQL. */
const nameBytesMax = 63;

/**
 * Databases beside the one that a URL names, on the same server: that one is the first bank's, `<its name>-beta`
 * the bank beta's. They are made where they are missing, for which the login needs CREATEDB.
 * `urlFor` rejects with `CliError`, and never quotes the password.
 */
export function neighbourDatabases(
  databaseUrl: string,
  firstBank: string,
  texts: Texts,
): DatabaseSource {
  return {
    async urlFor(name) {
      if (name === firstBank) return databaseUrl;
      const url = neighbourOf(databaseUrl, name);
      try {
        await ensureNeighbour(databaseUrl, databaseOf(url));
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new CliError(exitCode.failed, texts.noNeighbour(databaseOf(url), reason), { cause });
      }
      return url.href;
    },
    failed: new Promise(() => {}),
    stop: () => Promise.resolve(),
  };
}

function neighbourOf(databaseUrl: string, name: string): URL {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(`${databaseOf(url)}-${name}`)}`;
  return url;
}

/** As PostgreSQL has it: without a name in the URL, the user's. */
function databaseOf({ pathname, username }: URL): string {
  return decodeURIComponent(pathname.slice(1) || username) || (process.env['USER'] ?? 'postgres');
}

async function ensureNeighbour(databaseUrl: string, name: string): Promise<void> {
  if (Buffer.byteLength(name) > nameBytesMax) {
    throw new Error(`its name would have more than ${nameBytesMax} bytes`);
  }
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'lastro-demo',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await create(client, name);
  } finally {
    await client.end().catch(() => {});
  }
}

async function create(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query(
      `create database ${pg.escapeIdentifier(name)} template template0 encoding 'UTF8'`,
    );
  } catch (error) {
    // Another made it in the same moment: duplicate_database, unique_violation.
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== '42P04' && code !== '23505') throw error;
  }
}
