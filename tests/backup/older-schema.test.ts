import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createMigrationTable,
  readMigrations,
  runMigration,
} from '../../packages/server/src/store/migrate.ts';
import { openBank } from '../../packages/server/src/store/open-bank.ts';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { query } from '../harness/postgres.ts';
import { openAccount } from '../harness/seeding.ts';
import { backUp, emptyDatabase, restore, temporaryFolder } from './run-lastro.ts';

vi.setConfig({ testTimeout: 120_000 });

const migrations = readMigrations();

/** A new bank as an earlier version made it, with the first so many migrations. */
async function earlierBank(count: number): Promise<string> {
  const url = await emptyDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await createMigrationTable(client);
  for (const migration of migrations.slice(0, count)) await runMigration(client, migration);
  await openBank(client, 'test', Date.now());
  return url;
}

test('a backup of an earlier schema is brought up to this one', async () => {
  const file = join(temporaryFolder(), 'bank.lastro-backup');
  await backUp(await earlierBank(1), file);
  const place = await emptyDatabase();
  const restored = await restore(file, place);
  expect(restored.migrated).toEqual(migrations.slice(1).map(({ name }) => name));
  const applied = await query<{ name: string }>(place, 'select name from migration order by name');
  expect(applied.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));

  const bank = await startBankInProcess({ databaseUrl: place });
  onTestFinished(() => bank.stop());
  await openAccount(bank, 'ana', 100);
  await checkBooks(bank);
});
