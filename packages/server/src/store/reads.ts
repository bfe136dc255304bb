import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ask } from './ask.ts';
import { connectionConfig, READER_LIMITS, type DatabaseTarget } from './connection.ts';

const READERS_MAX = 10;

/** How long a reader waits for a server that is silent; with the time to connect, 10 s together. */
const ANSWER_TIMEOUT_MS = 7_000;

/** A report's statement may compute for as long as the server lets it. */
const REPORT_TIMEOUT_MS = READER_LIMITS.statementTimeoutMs + 1_000;

/** How long a stop waits for the sockets of readers to close. */
const CLOSE_TIMEOUT_MS = 1_000;

/** Plain value of a parameter; arrays become PostgreSQL arrays. */
export type Parameter = string | number | bigint | boolean | Buffer | null | readonly string[];

/** One picture of the database: every statement sees the same committed state. */
export interface Snapshot {
  /** @param name of a statement that comes often: each connection plans it once */
  rows<Row extends object>(
    text: string,
    values?: readonly Parameter[],
    name?: string,
  ): Promise<Row[]>;
}

/** The bank's reading side, apart from the connection that writes. */
export interface Reads extends Snapshot {
  /** Runs `read` in one REPEATABLE READ snapshot. */
  inSnapshot<Result>(read: (snapshot: Snapshot) => Promise<Result>): Promise<Result>;
  /** Runs `change` in one transaction: for the private tables of domain folders alone. */
  inTransaction<Result>(change: (snapshot: Snapshot) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Opens the pool of readers; connections are made when they are first needed. */
export function openReads(target: DatabaseTarget, onError: (error: Error) => void): Reads {
  const pool = new pg.Pool({ ...connectionConfig(target, READER_LIMITS), max: READERS_MAX });
  pool.on('error', onError);
  const closing = new Set<Promise<void>>();
  pool.on('connect', (client) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    closing.add(promise);
    client.once('end', () => {
      closing.delete(promise);
      resolve();
    });
  });
  const inside = async <Result>(
    begin: string,
    run: (snapshot: Snapshot) => Promise<Result>,
  ): Promise<Result> => {
    const client = await pool.connect();
    client.on('error', onError);
    let broken: Error | undefined;
    try {
      await askInTime(client, begin, [], ANSWER_TIMEOUT_MS);
      const result = await run(snapshotOf(client, REPORT_TIMEOUT_MS));
      await askInTime(client, 'commit', [], ANSWER_TIMEOUT_MS);
      return result;
    } catch (error) {
      broken = await rollBack(client, error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  };
  return {
    ...snapshotOf(pool, ANSWER_TIMEOUT_MS),
    inSnapshot: (read) => inside('begin isolation level repeatable read read only', read),
    inTransaction: (change) => inside('begin', change),
    close: () => endPool(pool, closing),
  };
}

/** The driver's pool says that it ended while its sockets are still closing. */
async function endPool(pool: pg.Pool, closing: ReadonlySet<Promise<void>>): Promise<void> {
  await pool.end();
  const timeout = new AbortController();
  const late = sleep(CLOSE_TIMEOUT_MS, undefined, { signal: timeout.signal, ref: false });
  await Promise.race([Promise.all(closing), late.catch(() => undefined)]);
  timeout.abort();
}

function snapshotOf(queryable: pg.Pool | pg.PoolClient, timeoutMs: number): Snapshot {
  return {
    rows: <Row extends object>(text: string, values: readonly Parameter[] = [], name?: string) =>
      askInTime<Row>(queryable, text, values, timeoutMs, name),
  };
}

async function askInTime<Row extends object>(
  queryable: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly Parameter[],
  timeoutMs: number,
  name?: string,
): Promise<Row[]> {
  try {
    return await ask<Row>(queryable, { name, text, values, query_timeout: timeoutMs });
  } catch (error) {
    const isSilence = error instanceof Error && error.message === 'Query read timeout';
    throw isSilence ? new SilentDatabaseError(timeoutMs, error) : error;
  }
}

/** Reads as what it is to whoever judges errors of connections by their code. */
class SilentDatabaseError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(timeoutMs: number, cause: Error) {
    super(`the database did not answer within ${timeoutMs} ms`, { cause });
    this.name = 'SilentDatabaseError';
  }
}

/** An error when the connection can't be used again. */
async function rollBack(client: pg.PoolClient, cause: unknown): Promise<Error | undefined> {
  // On a connection that failed or is silent a ROLLBACK would wait behind what is lost.
  if (cause instanceof SilentDatabaseError) return cause;
  try {
    await askInTime(client, 'rollback', [], ANSWER_TIMEOUT_MS);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
