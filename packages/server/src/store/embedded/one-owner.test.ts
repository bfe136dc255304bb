import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  afterThisTest,
  eventually,
  query,
  refusalOf,
  serves,
  spawnOwner,
  start,
  temporaryFolder,
} from './fixtures/cluster-world.ts';
import { postgresProcessesOf } from './processes.ts';
import { chooseRunAs } from './run-as.ts';

test('of several processes that start at once on a new folder exactly one owns it', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const owners = await Promise.all([spawnOwner(folder), spawnOwner(folder), spawnOwner(folder)]);
  const winners = owners.filter((owner) => 'port' in owner.answer);
  expect(winners).toHaveLength(1);
  expect(owners.filter((owner) => owner.answer['code'] === 'postgres_in_use')).toHaveLength(2);
  expect(await query(String(winners[0]?.answer['url']), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a second owner is told who has it, also within one process, and gets it after a stop', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const first = await start({ folder });
  const refusal = await refusalOf({ folder });
  expect(refusal.code).toBe('postgres_in_use');
  expect(refusal.message).toContain(`the Lastro process ${process.pid}`);
  await first.stop();
  await start({ folder });
});

test('a live owner keeps its cluster even when its lock file was deleted', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const first = await start({ folder });
  rmSync(`${folder}.lock`);
  expect((await refusalOf({ folder })).code).toBe('postgres_in_use');
  expect(await query(first.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a postmaster that is slow to stop after its owner died is waited for', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const owner = await spawnOwner(folder);
  const pid = Number(owner.answer['pid']);
  process.kill(pid, 'SIGSTOP');
  owner.process.kill('SIGKILL');
  await eventually('the owner is gone', () => owner.process.signalCode !== null);
  const starting = start({ folder, onLog: () => process.kill(pid, 'SIGCONT') });
  await starting;
  expect(await postgresProcessesOf(folder)).not.toContain(pid);
});

test("somebody else's PostgreSQL on the folder is left alone", async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const ours = await start({ folder });
  const program = readFileSync(`/proc/${ours.pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
  await ours.stop();
  const { prefix } = await chooseRunAs();
  const [first, ...rest] = [
    ...prefix,
    program,
    '-D',
    folder,
    '-p',
    String(ours.port),
    '-c',
    'unix_socket_directories=',
  ];
  const theirs = spawn(first, rest, { stdio: 'ignore' });
  afterThisTest(async () => {
    theirs.kill('SIGQUIT');
    await eventually('it is gone', async () => (await postgresProcessesOf(folder)).length === 0);
  });
  await serves(ours.url('postgres'));
  expect((await refusalOf({ folder })).code).toBe('postgres_in_use');
  expect(await query(ours.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a postmaster.pid whose pid now belongs to another program does not keep us from starting', async () => {
  const folder = join(temporaryFolder(), 'postgres');
  const first = await start({ folder });
  const pidFile = readFileSync(join(folder, 'postmaster.pid'), 'utf8');
  await first.stop();
  const stranger = spawn('sleep', ['60']);
  afterThisTest(() => stranger.kill());
  writeFileSync(join(folder, 'postmaster.pid'), pidFile.replace(/^\d+/, String(stranger.pid)), {
    mode: 0o600,
  });
  await start({ folder });
  expect(stranger.exitCode).toBe(null);
});
