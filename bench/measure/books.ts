import pg from 'pg';
import { checkConsistency } from '../../packages/server/src/ledger/consistency.ts';
import { connectionConfig, READER_LIMITS } from '../../packages/server/src/store/connection.ts';
import type { Parameter, Reads, Snapshot } from '../../packages/server/src/store/reads.ts';

const HOUR_MS = 3_600_000;

/**
 * The bank's own report of consistency, every invariant, on a connection that may take its time:
 * after a long run the history is too large for the deadline of a request. Gives what is wrong.
 */
export async function complaintsOfBooks(databaseUrl: string): Promise<readonly string[]> {
  const limits = { ...READER_LIMITS, statementTimeoutMs: HOUR_MS };
  const client = new pg.Client(connectionConfig({ url: databaseUrl, role: null }, limits));
  await client.connect();
  try {
    await client.query(`set work_mem = '256MB'`);
    const report = await checkConsistency(patientReads(client));
    return report.invariants
      .filter(({ ok }) => !ok)
      .map(({ id, title, offenders }) => `${id} ${title}: ${offenders.join(', ')}`);
  } finally {
    await client.end();
  }
}

function patientReads(client: pg.Client): Reads {
  const snapshot: Snapshot = {
    async rows<Row extends object>(text: string, values: readonly Parameter[] = []) {
      const { rows } = await client.query<Row>(text, [...values]);
      return rows;
    },
  };
  const inside = async <Result>(begin: string, read: (within: Snapshot) => Promise<Result>) => {
    await client.query(begin);
    const result = await read(snapshot);
    await client.query('commit');
    return result;
  };
  return {
    ...snapshot,
    inSnapshot: (read) => inside('begin isolation level repeatable read read only', read),
    inTransaction: (change) => inside('begin', change),
    close: () => client.end(),
  };
}
