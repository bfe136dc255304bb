import pg from 'pg';
import { connectionConfig, READER_LIMITS, type DatabaseTarget } from './connection.ts';

const READERS_MAX = 10;

/** Plain value of a parameter; arrays become PostgreSQL arrays. */
export type Parameter = string | number | bigint | boolean | Buffer | null | readonly string[];

/** One picture of the database: every statement sees the same committed state. */
export interface Snapshot {
  rows<Row extends object>(text: string, values?: readonly Parameter[]): Promise<Row[]>;
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
  const inside = async <Result>(
    begin: string,
    run: (snapshot: Snapshot) => Promise<Result>,
  ): Promise<Result> => {
    const client = await pool.connect();
    client.on('error', onError);
    let broken: Error | undefined;
    try {
      await client.query(begin);
      const result = await run(snapshotOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  };
  return {
    ...snapshotOf(pool),
    inSnapshot: (read) => inside('begin isolation level repeatable read read only', read),
    inTransaction: (change) => inside('begin', change),
    close: () => pool.end(),
  };
}

function snapshotOf(queryable: pg.Pool | pg.PoolClient): Snapshot {
  return {
    async rows<Row extends object>(text: string, values: readonly Parameter[] = []) {
      const { rows } = await queryable.query<Row>(text, [...values]);
      return rows;
    },
  };
}

/** An error when the connection can't be used again. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
