import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../packages/server/src/store/database.ts';
import { startBankProcess } from '../harness/bank-process.ts';
import { checkBooks } from '../harness/books.ts';
import { newKey } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { abandonDatabase, createDatabase, query } from '../harness/postgres.ts';
import { openAccount } from '../harness/seeding.ts';
import { connectBeside } from './fixtures/own-postgres.ts';
import { rounds } from './fixtures/rounds.ts';

async function emptyDatabase(): Promise<string> {
  const url = await createDatabase();
  onTestFinished(() => abandonDatabase(url));
  return url;
}

function open(url: string, bank = 'test') {
  return openDatabase({ url, bank, at: Date.now(), onError: () => undefined });
}

test('two servers that start at once on an empty database both come up', async () => {
  const databaseUrl = await emptyDatabase();
  const adminKey = newKey();
  const banks = await Promise.all(
    ['one', 'two'].map(() => startBankProcess({ databaseUrl, adminKey })),
  );
  onTestFinished(async () => {
    await Promise.all(banks.map((bank) => bank.stop()));
  });
  for (const [index, bank] of banks.entries()) await openAccount(bank, `ana-${index}`, 100);
  for (const bank of banks) {
    await checkBooks(bank);
    expect((await bank.call('GET', '/readyz')).status).toBe(200);
  }
});

test('many that open an empty database at once, and others of the same server beside it', async () => {
  for (let round = 0; round < rounds(3, 30); round += 1) {
    const urls = await Promise.all([emptyDatabase(), emptyDatabase(), emptyDatabase()]);
    const opened = await Promise.all(
      urls.flatMap((url) => [url, url, url, url]).map((url) => open(url)),
    );
    await Promise.all(opened.map((database) => database.close()));
    for (const url of urls) {
      expect(await query(url, 'select block, seq from head')).toEqual([{ block: '0', seq: '0' }]);
    }
  }
});

test('a migration whose session is ended in the middle leaves whole files, and the next start goes on', async () => {
  const url = await emptyDatabase();
  const beside = await connectBeside(url);
  onTestFinished(() => beside.end());
  // The first file can't go on while somebody holds what it wants to make: it waits in its middle.
  await beside.query('begin');
  await beside.query('create table product (sku text)');
  const opening = open(url).then(
    () => 'opened',
    () => 'ended',
  );
  await eventually('the migration waits', async () => {
    // Not through `beside`: within its transaction it sees one picture of the sessions.
    const rows = await query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
  expect(await opening).toBe('ended');
  await beside.query('rollback');
  const database = await open(url);
  await database.close();
  const again = await open(url);
  await again.close();
  const folder = new URL('../../packages/server/src/store/migrations/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  const applied = await query<{ name: string }>(url, 'select name from migration order by name');
  expect(applied.map(({ name }) => name)).toEqual(files.toSorted());
});

test('many servers that start at once on a database that was served before', async () => {
  const url = await emptyDatabase();
  await (await open(url)).close();
  for (let round = 0; round < rounds(3, 30); round += 1) {
    const opened = await Promise.all(Array.from({ length: 12 }, () => open(url)));
    expect(opened).toHaveLength(12);
    await Promise.all(opened.map((database) => database.close()));
  }
});

test('a newer schema is refused with one sentence', async () => {
  const url = await emptyDatabase();
  await (await open(url)).close();
  await query(url, `insert into migration (name, checksum) values ('9999-later.sql', 'x')`);
  await expect(open(url)).rejects.toMatchObject({
    code: 'schema_newer',
    message: expect.stringMatching(/^[^.]*9999-later\.sql[^\n]*\.$/),
  });
});

test('the database of another bank is refused with one sentence', async () => {
  const url = await emptyDatabase();
  await (await open(url, 'alfa')).close();
  await expect(open(url, 'beta')).rejects.toMatchObject({ code: 'other_bank' });
});
