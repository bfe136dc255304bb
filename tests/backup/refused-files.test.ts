import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { writeHistory } from '../tamper/history.ts';
import { contentsOf, tablesOf } from './compare-databases.ts';
import {
  backUp,
  emptyDatabase,
  restore,
  runLastro,
  spawnLastro,
  temporaryFolder,
} from './run-lastro.ts';

vi.setConfig({ testTimeout: 120_000 });

let original: string;

beforeAll(async () => {
  original = await createBankDatabase();
  await writeHistory(original);
});

afterAll(() => abandonDatabase(original));

async function backupOf(url: string): Promise<{ file: string; bytes: Buffer }> {
  const file = join(temporaryFolder(), 'bank.lastro-backup');
  await backUp(url, file);
  return { file, bytes: await readFile(file) };
}

/** The backup with another header, and a last line that swears to it. */
function withHeader(bytes: Buffer, change: (header: Record<string, unknown>) => object): Buffer {
  const begin = bytes.indexOf('\n') + 1;
  const end = bytes.indexOf('\n', begin);
  const header = JSON.parse(bytes.toString('utf8', begin, end)) as Record<string, unknown>;
  const body = Buffer.concat([
    bytes.subarray(0, begin),
    Buffer.from(JSON.stringify(change(header))),
    bytes.subarray(end, bytes.lastIndexOf('sha256 ')),
  ]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return Buffer.concat([body, Buffer.from(`sha256 ${sha256}\n`)]);
}

const flipped = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

/** Refused with this sentence and exit code, and in the place is nothing but what is named. */
async function expectRefused(
  file: string,
  place: string,
  code: number,
  sentence: string,
  left: readonly string[] = [],
) {
  const ended = await runLastro(['restore', file], { DATABASE_URL: place });
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toContain(sentence);
  expect(await tablesOf(place)).toEqual(left);
}

test('a backup is for its owner alone, and nothing else is left beside it', async () => {
  const { file } = await backupOf(original);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, '..'))).toEqual(['bank.lastro-backup']);
});

test('what is no backup, was cut, or was changed is refused before anything is made', async () => {
  const { file, bytes } = await backupOf(original);
  const cases: readonly (readonly [Buffer, string])[] = [
    [Buffer.from('not a backup\n'.repeat(1_000)), 'is no backup of Lastro'],
    [Buffer.alloc(0), 'is no backup of Lastro'],
    [bytes.subarray(0, bytes.length - 1), 'was cut or changed'],
    [bytes.subarray(0, Math.floor(bytes.length / 2)), 'was cut or changed'],
    [flipped(bytes, 40), 'was cut or changed'],
    [flipped(bytes, bytes.length - 2_000), 'was cut or changed'],
    [flipped(bytes, bytes.length - 10), 'was cut or changed'],
    [Buffer.concat([bytes, bytes]), 'was cut or changed'],
  ];
  const place = await emptyDatabase();
  const data = join(file, '..', 'data');
  for (const [changed, sentence] of cases) {
    await writeFile(file, changed);
    await expectRefused(file, place, 3, sentence);
    expect((await runLastro(['restore', file, '--data', data])).code).toBe(3);
    expect(existsSync(data)).toBe(false);
  }
});

test('a backup of a newer schema, or of a changed one, is refused before anything is made', async () => {
  const { file, bytes } = await backupOf(original);
  const migrations = (header: Record<string, unknown>) => header['migrations'] as object[];
  const place = await emptyDatabase();
  const newer = { name: '9999-later.sql', checksum: 'ff'.repeat(32) };
  await writeFile(
    file,
    withHeader(bytes, (header) => ({ ...header, migrations: [...migrations(header), newer] })),
  );
  await expectRefused(file, place, 3, '9999-later.sql, which this version doesn’t know');
  await writeFile(
    file,
    withHeader(bytes, (header) => ({
      ...header,
      migrations: migrations(header).map((one) => ({ ...one, checksum: newer.checksum })),
    })),
  );
  await expectRefused(file, place, 3, 'has another text');
});

test('a backup without one of the bank’s tables is refused, and the place can be used again', async () => {
  const { file, bytes } = await backupOf(original);
  const fewer = withHeader(bytes, (header) => ({
    ...header,
    tables: (header['tables'] as { name: string }[]).filter(({ name }) => name !== 'api_key'),
  }));
  await writeFile(file, fewer);
  const place = await emptyDatabase();
  await expectRefused(file, place, 3, 'same table api_key', ['restore_unfinished']);
  await writeFile(file, bytes);
  await restore(file, place);
});

test('a table that is not the bank’s is left out, and said', async () => {
  await query(original, 'create table notes as select 1 as n');
  const { file } = await backupOf(original);
  await query(original, 'drop table notes');
  const place = await emptyDatabase();
  expect((await restore(file, place)).tablesLeftOut).toEqual(['notes']);
  expect(await contentsOf(place)).toEqual(await contentsOf(original));
});

test('a bank that doesn’t agree with its journal is not restored: what differs is said', async () => {
  const tampered = await emptyDatabase();
  await restore((await backupOf(original)).file, tampered);
  await query(tampered, `update account set debits_posted = debits_posted + 1 where id = 'ana'`);
  const { file } = await backupOf(tampered);
  const place = await emptyDatabase();
  await expectRefused(file, place, 5, 'account: ana', ['restore_unfinished']);
  const serve = ['serve', '--bank', 'test', '--data', temporaryFolder()];
  const ended = await runLastro(serve, { DATABASE_URL: place });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('run `lastro restore` again');
});

test('through pipes: from standard output to standard input, and a cut stream brings nothing', async () => {
  const written = await spawnLastro(['backup', '-'], { DATABASE_URL: original });
  expect(written.code, written.stderr).toBe(0);
  expect(written.stderr).toContain('The bank test as of block');
  const bytes = Buffer.from(written.stdout, 'latin1');
  const environment = { DATABASE_URL: await emptyDatabase() };
  const cut = await spawnLastro(['restore', '-'], environment, bytes.subarray(0, -100));
  expect(cut).toMatchObject({ code: 3, stdout: '' });
  expect(await tablesOf(environment.DATABASE_URL)).toEqual(['restore_unfinished']);
  const whole = await spawnLastro(['restore', '-'], environment, bytes);
  expect(whole.code, whole.stderr).toBe(0);
  expect(await contentsOf(environment.DATABASE_URL)).toEqual(await contentsOf(original));
});
