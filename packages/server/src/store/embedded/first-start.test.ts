import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { afterThisTest, isAlive, query, start, temporaryFolder } from './fixtures/cluster-world.ts';
import { processIdentity } from './processes.ts';

test('a first start makes a durable UTF-8 cluster that only its password opens', async () => {
  const folder = join(temporaryFolder(), 'data', 'postgres');
  const postgres = await start({ folder, settings: { work_mem: '5MB' } });
  await Promise.all([
    postgres.ensureDatabase('lastro'),
    postgres.ensureDatabase('lastro'),
    postgres.ensureDatabase('a "b" é'),
  ]);
  await postgres.ensureDatabase('lastro');

  const [row] = await query(
    postgres.url('a "b" é'),
    `SELECT length('ção') AS letters, current_user AS who, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS synchronous_commit, current_setting('full_page_writes') AS full_page_writes,
      current_setting('data_checksums') AS checksums, current_setting('server_encoding') AS encoding,
      current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
      current_setting('work_mem') AS work_mem, current_setting('jit') AS jit`,
  );
  expect(row).toEqual({
    letters: 3,
    who: 'lastro',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    checksums: 'on',
    encoding: 'UTF8',
    addresses: '127.0.0.1',
    sockets: '',
    work_mem: '5MB',
    jit: 'off',
  });
  const wrong = new URL(postgres.url('lastro'));
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect(statSync(`${folder}-password`).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);

  // The password is in no command line and in no log.
  const password = readFileSync(`${folder}-password`, 'utf8').trim();
  expect(readFileSync(`/proc/${postgres.pid}/cmdline`, 'utf8')).not.toContain(password);
  expect(readFileSync(`${folder}.log`, 'utf8')).not.toContain(password);
});

test('a second start is fast, keeps port, password and data, and clears what a killed first start left', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const first = await start({ folder });
  await query(first.url('postgres'), 'CREATE TABLE kept AS SELECT 7 AS n');
  await Promise.all([first.stop(), first.stop()]);
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  expect(existsSync(join(folder, 'postmaster.pid'))).toBe(false);

  mkdirSync(join(`${folder}.new-1234`, 'data'), { recursive: true });
  const begin = performance.now();
  const second = await start({ folder });
  expect(performance.now() - begin).toBeLessThan(3_000);
  expect(second.url('postgres')).toBe(first.url('postgres'));
  expect(await query(second.url('postgres'), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  expect(readdirSync(join(folder, '..')).toSorted()).toEqual([
    'postgres',
    'postgres-password',
    'postgres-port',
    'postgres.lock',
    'postgres.log',
  ]);
});

test('a folder with spaces below one that only its owner may enter', async () => {
  const parent = join(temporaryFolder(), 'not for others');
  mkdirSync(parent, { mode: 0o700 });
  const postgres = await start({ folder: join(parent, 'my data', 'postgres') });
  expect(await query(postgres.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('when the port of the last run is taken, another is chosen', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const first = await start({ folder });
  await first.stop();
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(first.port, '127.0.0.1', resolve);
  });
  afterThisTest(() => other.close());
  const second = await start({ folder });
  expect(second.port).not.toBe(first.port);
  expect(await query(second.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('an aborted start leaves no process and no half-made folder, and the next one works', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const abort = new AbortController();
  const reason = new Error('changed our mind');
  const starting = start({
    folder,
    signal: abort.signal,
    onLog: () => setTimeout(() => abort.abort(reason), 200),
  });
  await expect(starting).rejects.toBe(reason);
  expect(
    readdirSync(join(folder, '..')).filter((name) => name.startsWith('postgres.new-')),
  ).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  await start({ folder });
});

test('postgres is in a process group of its own, so Ctrl-C reaches only us', async () => {
  const postgres = await start({ folder: join(temporaryFolder(), 'postgres') });
  const stat = readFileSync(`/proc/${postgres.pid}/stat`, 'utf8');
  const [, parent, group, session] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  expect({ parent, group, session }).toEqual({
    parent: process.pid,
    group: postgres.pid,
    session: postgres.pid,
  });
  expect(await processIdentity(postgres.pid)).toMatch(/^\d+:\d+$/);
});

test('settings that acknowledged transfers rest on can not be relaxed', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  await expect(start({ folder, settings: { FSYNC: 'off' } })).rejects.toThrow(
    'FSYNC may not be changed',
  );
});
