import type pg from 'pg';
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
}

export const WRITER_LIMITS: SessionLimits = {
  statementTimeoutMs: 8_000,
  lockTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 5_000,
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
    'tcp_user_timeout=10000',
    'client_connection_check_interval=1000',
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
