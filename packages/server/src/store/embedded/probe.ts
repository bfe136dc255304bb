import { Client, DatabaseError } from 'pg';

const connectTimeoutMs = 2_000;

/** How to reach a cluster on 127.0.0.1. */
export interface Address {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A client for one short task. A lost connection shows in the task's own rejection, not as an uncaught event. */
export function clientFor(address: Address, database: string): Client {
  const client = new Client({
    host: '127.0.0.1',
    ...address,
    database,
    ssl: false,
    application_name: 'lastro-supervisor',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: 30_000,
  });
  client.on('error', () => {});
  return client;
}

export type ProbeResult = 'ready' | 'starting' | 'silent' | 'password_refused' | 'broken';

/** Asks once whether the server takes connections. Never rejects; at most 2 s. */
export async function probe(address: Address): Promise<ProbeResult> {
  const client = clientFor(address, 'postgres');
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    switch (sqlState(error)) {
      case '57P03': // cannot_connect_now: starting up or recovering
        return 'starting';
      case '53300': // too_many_connections: it serves
        return 'ready';
      case '28P01': // invalid_password
      case '28000':
        return 'password_refused';
      case undefined:
      default:
        // A server that says FATAL of its own: it runs, but can't open what it needs.
        return error instanceof DatabaseError ? 'broken' : 'silent';
    }
  } finally {
    await client.end().catch(() => {});
  }
}

/** The SQLSTATE of an error of `pg`, or the operating system's code, or undefined. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
