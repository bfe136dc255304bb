import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runLastro } from '../../../../tests/backup/run-lastro.ts';
import { abandonDatabase, createBankDatabase, query } from '../../../../tests/harness/postgres.ts';
import { writeHistory } from '../../../../tests/tamper/history.ts';
import { signCheckpoint } from '../ledger/journal/checkpoint/checkpoint.ts';
import { readSigningKey } from '../ledger/journal/index.ts';
import { ensureKeyFile } from '../store/key-file.ts';
import { startEmbeddedPostgres } from '../store/embedded/index.ts';

/** Each test starts several processes, which a busy machine takes long for. */
vi.setConfig({ testTimeout: 120_000 });

const launcher = fileURLToPath(new URL('../../bin/lastro.mjs', import.meta.url));

let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-verify-'));
  url = await createBankDatabase();
  await writeHistory(url);
});

afterAll(async () => {
  await abandonDatabase(url);
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lastro verify` as a person would; the database is in the environment unless told otherwise. */
function verify(args: readonly string[], databaseUrl: string | undefined = url): Promise<Ended> {
  const env = { ...process.env, LC_ALL: 'C', LASTRO_DATABASE_URL: '', DATABASE_URL: databaseUrl };
  return new Promise((resolve) => {
    const all = [launcher, 'verify', ...args];
    execFile(process.execPath, all, { env, cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

test('a sound bank: exit code 0, and what was checked', async () => {
  const text = await verify([]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('Everything agrees: bank test, 118 blocks, 125 events');
  const json = await verify(['--output', 'json']);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({
    clean: true,
    bank: 'test',
    differences: { total: 0, byTable: {}, first: null },
    exported: null,
  });
});

test('a journal is exported, checked without the database, and held against a checkpoint', async () => {
  const exported = await verify(['--export', 'journal.lastro']);
  expect(exported.code, exported.stderr).toBe(0);
  const names = await readdir(folder);
  expect(names.filter((name) => name.startsWith('journal'))).toEqual(['journal.lastro']);
  const keyFile = join(folder, 'key.pem');
  await ensureKeyFile(keyFile);
  const key = await readSigningKey(keyFile);
  const { stdout } = await verify(['journal.lastro', '--output', 'json'], '');
  const { block, seq, hash } = JSON.parse(stdout);
  const header = (await readFile(join(folder, 'journal.lastro'), 'utf8')).split('\n').at(-7) ?? '';
  const at = /"at":"([^"]+)"/.exec(header)?.[1] ?? '';
  const checkpoint = signCheckpoint({ bank: 'test', block, seq, hash, at }, key);
  await writeFile(join(folder, 'public-key'), key.publicKey);
  await writeFile(join(folder, 'good.json'), JSON.stringify({ data: [checkpoint], next: null }));
  const against = ['--against', 'good.json', '--key', 'public-key'];
  const good = await verify(['journal.lastro', ...against], '');
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(good.stdout).toContain(
    '1 checkpoint confirmed up to block 117, signed by the key that you',
  );
  const later = signCheckpoint({ ...checkpoint, block: block + 1, seq: seq + 1 }, key);
  await writeFile(join(folder, 'later.json'), JSON.stringify(later));
  const shortened = await verify(['--against', 'later.json', '--export', 'no.lastro']);
  expect(shortened.code).toBe(1);
  expect(shortened.stdout).toContain('block 118, event 125; block: block 118: the row is missing');
  expect(shortened.stdout).toContain('no.lastro was not written');
  expect(await readdir(folder)).not.toContain('no.lastro');
});

test('a difference: exit code 1, and where it is', async () => {
  const disabled = 'set session_replication_role = replica';
  await query(url, `${disabled}; update transfer set amount = amount + 1 where amount = 7`);
  const { code, stdout } = await verify([]);
  await query(url, `${disabled}; update transfer set amount = amount - 1 where amount = 8`);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^1 difference \(transfer 1\)\. The first:\n {2}block 9, event 9; transfer: /,
  );
  expect(stdout).toContain('column amount: 8 stands, the journal gives 7');
});

test.each([
  [['--output', 'xml'], '--output must be'],
  [['journal.lastro', '--export', 'other'], 'is checked by itself'],
  [['--bank', 'A'], '--bank must be'],
  [['--nothing'], 'There is no flag'],
])('%j is a usage error', async (args, sentence) => {
  const ended = await runLastro(['verify', ...args], { DATABASE_URL: url });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(sentence);
});

test.each([
  [['--data', 'nowhere'], 'There is no bank’s data in'],
  [['missing.lastro'], 'could not be read'],
  [['--database-url', 'postgres://x:y@127.0.0.1:1/z'], 'could not be read'],
  [['--against', 'missing.json'], 'could not be read'],
  [['--export', 'no/such/folder'], 'could not be read'],
])('%j can not be read', async (args, sentence) => {
  const ended = await runLastro(['verify', ...args], { DATABASE_URL: url });
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(ended.stderr).toContain(sentence);
});

test('the embedded bank: checked when it is stopped; while it runs, the way to it is told', async () => {
  const data = join(folder, 'data');
  const args = ['--data', data, '--bank', 'test'];
  const postgres = await startEmbeddedPostgres({ folder: join(data, 'postgres') });
  try {
    await postgres.ensureDatabase('test');
    await writeHistory(postgres.url('test'));
    const running = await verify(args);
    expect(running).toMatchObject({ code: 3, stdout: '' });
    expect(running.stderr).toContain(`$(cat '${data}/postgres-password')`);
    const password = (await readFile(join(data, 'postgres-password'), 'utf8')).trim();
    const port = (await readFile(join(data, 'postgres-port'), 'utf8')).trim();
    expect((await verify([], `postgres://lastro:${password}@127.0.0.1:${port}/test`)).code).toBe(0);
  } finally {
    await postgres.stop();
  }
  expect(await verify(args)).toMatchObject({ code: 0, stderr: '' });
  expect((await verify(['--data', data, '--bank', 'other'])).code).toBe(3);
});
