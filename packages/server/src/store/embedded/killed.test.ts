import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  eventually,
  isAlive,
  ownClusterScript,
  query,
  serves,
  spawnOwner,
  start,
  temporaryFolder,
} from './fixtures/cluster-world.ts';
import { postgresProcessesOf } from './processes.ts';

test('a killed postmaster is back by itself on the same port, with all that was acknowledged', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const lines: string[] = [];
  const postgres = await start({ folder, onLog: (line) => lines.push(line) });
  const url = postgres.url('postgres');
  await query(url, 'CREATE TABLE kept (n int)');
  for (const round of [1, 2, 3]) {
    await query(url, `INSERT INTO kept VALUES (${round})`);
    // A backend that is computing doesn't notice that its postmaster is gone, and holds the shared memory.
    const computing = query(url, 'SELECT count(*) FROM generate_series(1, 2000000000)');
    computing.catch(() => {});
    await eventually(
      'the statement runs',
      async () =>
        (
          await query(
            url,
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid()",
          )
        ).length === 1,
    );
    const before = postgres.pid;
    process.kill(before, 'SIGKILL');
    await eventually('there is a new postmaster', () => postgres.pid !== before);
    expect(await serves(url)).toBeLessThan(10_000);
    await expect(computing).rejects.toThrow();
  }
  expect(await query(url, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(
    lines.filter((line) => line.includes('ended unexpectedly with signal SIGKILL')),
  ).toHaveLength(3);
});

test('a killed backend makes postgres restart itself under the same postmaster', async () => {
  const postgres = await start({ folder: join(temporaryFolder(), 'postgres') });
  const url = postgres.url('postgres');
  const before = postgres.pid;
  await query(url, 'CREATE TABLE kept AS SELECT 1 AS n');
  const sleeping = query(url, 'SELECT pg_sleep(60)');
  sleeping.catch(() => {});
  let backend = 0;
  await eventually('the statement runs', async () => {
    backend = Number(
      (
        await query(url, "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")
      )[0]?.['pid'] ?? 0,
    );
    return backend > 0;
  });
  process.kill(backend, 'SIGKILL');
  await expect(sleeping).rejects.toThrow();
  await serves(url);
  expect(postgres.pid).toBe(before);
  expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('postgres goes with its killed owner, and the next owner starts on the same folder at once', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const owner = await spawnOwner(folder);
  const url = String(owner.answer['url']);
  const pid = Number(owner.answer['pid']);
  await query(url, 'CREATE TABLE kept AS SELECT 1 AS n');
  owner.process.kill('SIGKILL');
  const next = await start({ folder });
  expect(next.url('postgres')).toBe(url);
  expect(next.pid).not.toBe(pid);
  expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('nothing of postgres stays when its owner is killed', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const owner = await spawnOwner(folder);
  expect(isAlive(Number(owner.answer['pid']))).toBe(true);
  owner.process.kill('SIGKILL');
  await eventually(
    'no process of postgres is left',
    async () => (await postgresProcessesOf(folder)).length === 0,
  );
});

test('owner and postmaster killed together: the next owner recovers what was acknowledged', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const owner = await spawnOwner(folder);
  const url = String(owner.answer['url']);
  await query(url, 'CREATE TABLE kept AS SELECT 1 AS n');
  process.kill(Number(owner.answer['pid']), 'SIGKILL');
  owner.process.kill('SIGKILL');
  const next = await start({ folder });
  expect(await query(next.url('postgres'), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('a server that can not be brought back is reported; after a stop and a restore it starts', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const control = join(folder, 'global', 'pg_control');
  const postgres = await start({ folder });
  const backup = readFileSync(control);
  rmSync(control);
  process.kill(postgres.pid, 'SIGKILL');
  expect(await postgres.failed).toMatchObject({ code: 'postgres_data_damaged' });
  await postgres.stop();
  expect(await postgresProcessesOf(folder)).toEqual([]);

  writeFileSync(control, backup, { mode: 0o600 });
  const next = await start({ folder });
  expect(await query(next.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a stop in the middle of a restart leaves nothing running', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const postgres = await start({ folder });
  process.kill(postgres.pid, 'SIGKILL');
  await eventually('the postmaster is gone', () => !isAlive(postgres.pid));
  await postgres.stop();
  expect(await postgresProcessesOf(folder)).toEqual([]);
});

test('a first start that was killed in the middle is as if it had not been', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'postgres');
  const owner = spawn(process.execPath, [ownClusterScript, folder], { stdio: 'ignore' });
  const unfinished = (): string[] =>
    readdirSync(parent).filter((name) => name.startsWith('postgres.new-'));
  await eventually('initdb is at work', () =>
    existsSync(join(parent, unfinished()[0] ?? '', 'data', 'PG_VERSION')),
  );
  owner.kill('SIGKILL');
  const next = await start({ folder });
  expect(await query(next.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  expect(unfinished()).toEqual([]);
});
