import pg from 'pg';
import { StoreError } from './store-error.ts';
import { createValueTypes } from './value-types.ts';

/** Where the bank's database is and as whom its statements run. */
export interface DatabaseTarget {
  readonly url: string;
  /** The role without rights to change what was posted; null where the login can't make roles. */
  readonly role: string | null;
}

const CONNECT_TIMEOUT_MS = 3_000;

interface SessionLimits {
  /** A hung writer that holds head would stop the bank: the server ends it after these. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  /** How long the other side may take in nothing of what was sent; 10 s unless told otherwise, 0: for ever. */
  readonly tcpUserTimeoutMs?: number;
  /** Further settings of PostgreSQL, each `name=value` without blanks. */
  readonly settings?: readonly string[];
}

/**
 * Every statement of a block finds its rows by key, few or many, so one plan is right for all of them:
 * planning them anew for every block was a seventh of what a small block cost PostgreSQL. A plan that
 * was made while a table was small may read it whole, also when it has grown: these settings keep the
 * planner from it, and no plan lives long (`Writer.forgetPlans`).
 */
const ONE_PLAN_BY_KEY = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  // Before 18 a table of one row, which has no key to be found by, looks worth compiling for by this.
  'jit=off',
];

export const WRITER_LIMITS: SessionLimits = {
  statementTimeoutMs: 8_000,
  lockTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 5_000,
  settings: ONE_PLAN_BY_KEY,
};

export const READER_LIMITS: SessionLimits = {
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 10_000,
};

/** The driver's settings for one kind of connection. */
export function connectionConfig(target: DatabaseTarget, limits: SessionLimits): pg.ClientConfig {
  const settings = [
    'TimeZone=UTC',
    `statement_timeout=${limits.statementTimeoutMs}`,
    `lock_timeout=${limits.lockTimeoutMs}`,
    `idle_in_transaction_session_timeout=${limits.idleInTransactionTimeoutMs}`,
    `tcp_user_timeout=${limits.tcpUserTimeoutMs ?? 10_000}`,
    'client_connection_check_interval=1000',
    ...(limits.settings ?? []),
    ...(target.role === null ? [] : [`role=${target.role}`]),
  ];
  return {
    connectionString: target.url,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'lastro',
    types: createValueTypes(),
  };
}

/**
 * One connection, made. `onError` gets what no query under way is rejected with. Rejects with
 * `StoreError` when the database does not answer.
 */
export async function connect(
  target: DatabaseTarget,
  limits: SessionLimits,
  onError: (error: Error) => void,
): Promise<pg.Client> {
  const client = new pg.Client(connectionConfig(target, limits));
  client.on('error', onError);
  try {
    await client.connect();
    return client;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('database_unreachable', `The database does not answer: ${reason}`, {
      cause: error,
    });
  }
}
