import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  afterThisTest,
  isRoot,
  query,
  refusalOf,
  start,
  temporaryFolder,
} from './fixtures/cluster-world.ts';
import { postgresProcessesOf } from './processes.ts';

/** One cluster, damaged in one way after the other: each is put back. */
test('a damaged cluster, or one of another major version, is refused by name and left as it is', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const good = await start({ folder });
  await query(good.url('postgres'), 'CREATE TABLE kept AS SELECT 1 AS n');
  await good.stop();
  const control = join(folder, 'global', 'pg_control');
  const cases: [file: string, damage: (file: string) => void, code: string, says: RegExp][] = [
    [
      join(folder, 'PG_VERSION'),
      (file) => writeFileSync(file, '17\n'),
      'postgres_other_major',
      /PostgreSQL 17 and this Lastro brings 18/,
    ],
    [
      join(folder, 'PG_VERSION'),
      (file) => writeFileSync(file, '\0\0garbage'),
      'postgres_data_damaged',
      /PG_VERSION/,
    ],
    [join(folder, 'PG_VERSION'), (file) => rmSync(file), 'postgres_data_damaged', /no PG_VERSION/],
    [control, (file) => rmSync(file), 'postgres_data_damaged', /pg_control .* is missing/],
    [control, (file) => truncateSync(file, 100), 'postgres_data_damaged', /cut short/],
    [
      control,
      (file) => writeFileSync(file, Buffer.alloc(8192, 7)),
      'postgres_data_damaged',
      /damaged \(.+\)/,
    ],
    [
      join(folder, 'global', 'pg_filenode.map'),
      (file) => rmSync(file),
      'postgres_data_damaged',
      /pg_filenode/,
    ],
    [`${folder}-password`, (file) => rmSync(file), 'postgres_data_damaged', /put it back/],
    [`${folder}-password`, (file) => truncateSync(file), 'postgres_data_damaged', /put it back/],
    [
      `${folder}-password`,
      (file) => writeFileSync(file, 'wrong'),
      'postgres_start_failed',
      /is not that of the database/,
    ],
  ];
  for (const [file, damage, code, says] of cases) {
    const before = readFileSync(file);
    damage(file);
    const refusal = await refusalOf({ folder });
    expect([refusal.code, refusal.message]).toEqual([code, expect.stringMatching(says)]);
    expect(await postgresProcessesOf(folder)).toEqual([]);
    writeFileSync(file, before, { mode: 0o600 });
  }
  const again = await start({ folder });
  expect(await query(again.url('postgres'), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('lost log segments are damage, not an empty database', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  await (await start({ folder })).stop();
  for (const name of readdirSync(join(folder, 'pg_wal')))
    if (/^[0-9A-F]{24}$/.test(name)) rmSync(join(folder, 'pg_wal', name));
  const refusal = await refusalOf({ folder });
  expect(refusal.code).toBe('postgres_data_damaged');
  expect(refusal.logTail).toContain('checkpoint');
});

test('a folder that holds something else is refused and not touched', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  mkdirSync(folder);
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  expect((await refusalOf({ folder })).code).toBe('postgres_data_damaged');
  expect(readdirSync(folder)).toEqual(['letter.txt']);
});

test('a folder that a copy has opened to others is closed again', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  await (await start({ folder })).stop();
  chmodSync(folder, 0o755);
  await start({ folder });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('missing programs are named, with what to do', async () => {
  const parent = temporaryFolder();
  const refusal = await refusalOf({
    folder: join(parent, 'postgres'),
    binariesFolder: join(parent, 'nothing'),
  });
  expect(refusal.code).toBe('postgres_binaries_missing');
  expect(refusal.message).toContain('DATABASE_URL');
  expect(existsSync(join(parent, 'postgres'))).toBe(false);
});

test.skipIf(!isRoot)(
  'a full disk is called that, at the first start and later (needs root for a small disk)',
  async () => {
    const disk = smallDisk('24m');
    const first = await refusalOf({ folder: join(disk, 'postgres') });
    expect(first.code).toBe('postgres_no_space');
    expect(
      readdirSync(disk).filter((name) => name.startsWith('postgres.new-') || name === 'postgres'),
    ).toEqual([]);

    const larger = smallDisk('160m');
    const folder = join(larger, 'postgres');
    const settings = { max_wal_size: '32MB', min_wal_size: '32MB' };
    await (await start({ folder, settings })).stop();
    const filler = join(larger, 'filler');
    fill(filler);
    expect((await refusalOf({ folder, settings })).code).toBe('postgres_no_space');
    rmSync(filler);
    await start({ folder, settings });
  },
);

function smallDisk(size: string): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'lastro-test', folder]);
  afterThisTest(() => execFileSync('umount', [folder]));
  return folder;
}

function fill(file: string): void {
  const { bavail, bsize } = statfsSync(join(file, '..'));
  writeFileSync(file, Buffer.alloc(bavail * bsize));
}
