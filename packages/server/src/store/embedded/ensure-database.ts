import { escapeIdentifier } from 'pg';
import { clientFor, sqlState } from './probe.ts';
import type { Address } from './probe.ts';

const nameBytesMax = 63;

/**
 * Creates the database `name` (1 to 63 bytes) from template0, in UTF-8, unless it exists.
 * May run at once in several processes. Rejects with the error of `pg` when the server is away.
 */
export async function ensureDatabase(address: Address, name: string): Promise<void> {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > nameBytesMax)
    throw new Error(`a database name has 1 to ${nameBytesMax} bytes, not ${bytes}`);
  const client = clientFor(address, 'postgres');
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0)
      await client.query(
        `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`,
      );
  } catch (error) {
    // duplicate_database, or unique_violation when another created it in the same moment
    if (sqlState(error) !== '42P04' && sqlState(error) !== '23505') throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
