import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../packages/server/src/store/embedded/index.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { writeHistory } from '../tamper/history.ts';
import { contentsOf, tablesOf } from './compare-databases.ts';
import { backUp, emptyDatabase, restore, runLastro, temporaryFolder } from './run-lastro.ts';

vi.setConfig({ testTimeout: 120_000 });

let url: string;
let backups: string;
/** A backup of the bank at `url`. */
let file: string;

beforeAll(async () => {
  url = await createBankDatabase();
  await writeHistory(url);
  backups = await mkdtemp(join(tmpdir(), 'lastro-backups-'));
  file = join(backups, 'bank.lastro-backup');
  await backUp(url, file);
});

afterAll(async () => {
  await abandonDatabase(url);
  await rm(backups, { recursive: true });
});

test('a database that holds a bank or anything else is refused and left as it is', async () => {
  const before = await contentsOf(url);
  const held = await runLastro(['restore', file], { DATABASE_URL: url });
  expect(held).toMatchObject({ code: 4, stdout: '' });
  expect(held.stderr).toMatch(
    /^lastro: There is the bank test at block \d+, and it was left alone/,
  );
  expect(await contentsOf(url)).toEqual(before);

  const other = await emptyDatabase();
  await query(other, 'create table notes as select 1 as n');
  const used = await runLastro(['restore', file], { DATABASE_URL: other });
  expect(used.code).toBe(4);
  expect(used.stderr).toContain('not empty (it has the table notes)');
  expect(await tablesOf(other)).toEqual(['notes']);
});

test('a place that another restore works on is refused', async () => {
  const place = await emptyDatabase();
  const ended = await Promise.all(
    [1, 2].map(() => runLastro(['restore', file], { DATABASE_URL: place })),
  );
  // The second waits for the first, and finds its bank.
  expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 4]));
});

test('no bank: nothing is written, and the file keeps what it held', async () => {
  const folder = temporaryFolder();
  const last = join(folder, 'bank.lastro-backup');
  await writeFile(last, 'the last good one');
  const place = await emptyDatabase();
  const ended = await runLastro(['backup', last], { DATABASE_URL: place });
  expect(ended).toMatchObject({ code: 4, stdout: '' });
  expect((await runLastro(['backup', last, '--data', folder])).code).toBe(4);
  expect(await readFile(last, 'utf8')).toBe('the last good one');
  expect(readdirSync(folder)).toEqual(['bank.lastro-backup']);
  expect((await runLastro(['backup', '/dev/null'], { DATABASE_URL: place })).code).toBe(1);
});

test('a data folder: made where there is none, backed up running and stopped, refused when it holds the bank', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const made = await runLastro(['restore', file, '--data', data]);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(made.stdout).toContain('The bank test is restored');

  const again = await runLastro(['restore', file, '--data', data], { LANG: 'pt_BR', LC_ALL: '' });
  expect(again.code).toBe(4);
  expect(again.stderr).toContain('Ali está o banco test');

  const backup = ['backup', '--data', data, '--bank', 'test'];
  const stopped = await runLastro([...backup, join(folder, 'stopped')]);
  expect(stopped, stopped.stderr).toMatchObject({ code: 0 });
  const postgres = await startEmbeddedPostgres({ folder: join(data, 'postgres') });
  onTestFinished(() => postgres.stop());
  const running = await runLastro([...backup, join(folder, 'running')]);
  expect(running, running.stderr).toMatchObject({ code: 0 });
  const busy = await runLastro(['restore', file, '--data', data]);
  expect(busy.code).toBe(4);
  expect(busy.stderr).toContain('is running');

  expect(await contentsOf(postgres.url('test'))).toEqual(await contentsOf(url));
  const place = await emptyDatabase();
  await restore(join(folder, 'running'), place);
  expect(await contentsOf(place)).toEqual(await contentsOf(url));
});
