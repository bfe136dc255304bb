import { readdirSync } from 'node:fs';
import pg from 'pg';
import { expect, it } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../tests/harness/postgres.ts';
import { connectionConfig, WRITER_LIMITS } from './connection.ts';
import { readStatements, type StatementName } from './statements.ts';

/** One row, which has no key to be found by. */
const OF_ONE_ROW = 'head';

it('finds every row of a block by its key, in tables that are empty yet, by a plan that stays', async () => {
  const url = await createBankDatabase();
  const session = new pg.Client(connectionConfig({ url, role: null }, WRITER_LIMITS));
  await session.connect();
  try {
    const statements = readStatements();
    const files = readdirSync(new URL('sql/', import.meta.url));
    const plans = new Map<string, string>();
    for (const file of files) {
      const { text } = statements(file.replace('.sql', '') as StatementName);
      const { rows } = await session.query<{ 'QUERY PLAN': string }>(
        `explain (generic_plan) ${text}`,
      );
      plans.set(file, rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    const whole = [...plans].filter(([, plan]) =>
      [...plan.matchAll(/Seq Scan on (\w+)/g)].some(([, table]) => table !== OF_ONE_ROW),
    );
    expect(plans.get('update-accounts.sql')).toContain('Index Scan using account_pkey');
    expect(Object.fromEntries(whole)).toEqual({});
    expect([...plans.values()].filter((plan) => /(?:Hash|Merge) (?:\w+ )?Join/.test(plan))).toEqual(
      [],
    );
  } finally {
    await session.end();
    await abandonDatabase(url);
  }
});
