import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { explainFailure } from '../packages/server/src/cli/explain-failure.ts';
import type { SimulationReport } from '../packages/server/src/cli/flood/simulation.ts';
import { languageOf } from '../packages/server/src/cli/language.ts';
import { runProgram } from '../packages/server/src/cli/program.ts';
import { textsIn } from '../packages/server/src/cli/texts.ts';
import {
  startBankInProcess,
  type BankInProcess,
  type TestBank,
} from './harness/bank-in-process.ts';
import { startBankProcess } from './harness/bank-process.ts';
import { checkBooks } from './harness/books.ts';
import { eventually } from './harness/eventually.ts';
import { freePort } from './harness/free-port.ts';
import { query } from './harness/postgres.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let bank: BankInProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-simulate-'));
  bank = await startBankInProcess();
});

afterAll(async () => {
  await bank.stop();
  await rm(folder, { recursive: true });
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Ended {
  readonly code: number;
  readonly out: string;
  /** The one sentence on stderr. */
  readonly sentence: string;
}

/** Runs `lastro …` in this process as `main` does, without ending it. */
async function lastro(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const texts = textsIn(languageOf(env));
  const stdout = new PassThrough();
  const context = {
    env,
    workingFolder: folder,
    texts,
    stdout: stdout as unknown as NodeJS.WriteStream,
    version: '',
  };
  const ended = await runProgram(argv, context).then(
    (code) => ({ code, sentence: '' }),
    (error: unknown) => {
      const { exitCode, message } = explainFailure(error, texts);
      return { code: exitCode, sentence: message };
    },
  );
  stdout.end();
  return { ...ended, out: (await stdout.toArray()).join('') };
}

function reportOf(out: string): SimulationReport {
  return JSON.parse(out) as SimulationReport;
}

/** Flags that lead to the bank. */
async function at({ url, adminKey }: Pick<TestBank, 'url' | 'adminKey'>): Promise<string[]> {
  const keyFile = join(folder, `key-${new URL(url).port}`);
  await writeFile(keyFile, `${adminKey}\n`);
  return ['--url', url, '--key-file', keyFile];
}

async function refuseAll(status: number, problem: object): Promise<string> {
  const server = createServer((request, response) => {
    const isProbe = request.url === '/readyz';
    response.writeHead(isProbe ? 200 : status, { 'content-type': 'application/problem+json' });
    response.end(isProbe ? '{}' : JSON.stringify(problem));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an empty bank: nobody can order anything, exit code 3 and what to do', async () => {
  const { code, out, sentence } = await lastro(['simulate', 'orders', ...(await at(bank))]);
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(sentence).toContain('lastro seed');
});

test('seed fills it, twice the same, and says so in JSON', async () => {
  const flags = [...(await at(bank)), '--output', 'json'];
  for (const { code, out } of [
    await lastro(['seed', ...flags]),
    await lastro(['seed', ...flags]),
  ]) {
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ url: bank.url, customers: 6, products: 11 });
  }
});

test('300 orders: each is decided, money and goods run out, and the books add up', async () => {
  const flags = ['--count', '300', '--concurrency', '20', '--hot-product', '0.4', '--seed', '7'];
  const argv = ['simulate', 'orders', ...flags, ...(await at(bank)), '--output', 'json'];
  const { code, out, sentence } = await lastro(argv);
  expect({ code, sentence }).toEqual({ code: 0, sentence: '' });
  const report = reportOf(out);
  expect(report).toMatchObject({
    simulation: 'orders',
    seed: 7,
    count: 300,
    concurrency: 20,
    hotProduct: { sku: 'produto:3', share: 0.4 },
    unanswered: 0,
    interrupted: false,
    books: { ok: true, broken: [] },
  });
  expect(report.accepted).toBeGreaterThan(0);
  expect(report.refused.byCode['insufficient_stock']).toBeGreaterThan(0);
  expect(report.accepted + report.refused.total).toBe(300);
  expect(report.latencyMs.p50).toBeGreaterThan(0);
  expect(report.latencyMs.p99).toBeGreaterThanOrEqual(report.latencyMs.p50);
  const completed = await bank.call<{ data: unknown[] }>(
    'GET',
    '/v1/orders?limit=1000&status=completed',
  );
  expect(completed.body.data).toHaveLength(report.accepted);
  await checkBooks(bank);
});

test('500 transfers between accounts of its own, which are funded once however often it runs', async () => {
  const flags = ['--count', '500', '--concurrency', '32', '--accounts', '10', ...(await at(bank))];
  const first = await lastro(['simulate', 'transfers', ...flags], { LANG: 'pt_BR.UTF-8' });
  expect(first).toMatchObject({ code: 0, sentence: '' });
  expect(first.out).toMatch(/^Transferências: --count 500 --concurrency 32 --seed \d+$/m);
  expect(first.out).toContain('Os livros fecham: ');
  const second = await lastro(['simulate', 'transfers', ...flags, '--output', 'json']);
  expect(reportOf(second.out)).toMatchObject({ simulation: 'transfers', hotProduct: null });
  const { body } = await bank.call<{ data: { id: string; balance: number }[] }>(
    'GET',
    '/v1/accounts?limit=1000&asset=BRL/2',
  );
  const play = body.data.filter(({ id }) => id.startsWith('simulacao:'));
  expect(play).toHaveLength(10);
  expect(play.reduce((sum, { balance }) => sum + balance, 0)).toBe(10 * 1_000_00);
  const { body: transfers } = await bank.call<{ data: unknown[] }>(
    'GET',
    '/v1/transfers?limit=1000&account=simulacao:1',
  );
  expect(transfers.data.length).toBeGreaterThan(1);
});

test('a broken invariant: exit code 1, and the report names it', async () => {
  const doctored = await startBankInProcess();
  cleanups.push(() => doctored.stop());
  const flags = ['--count', '20', '--accounts', '3', ...(await at(doctored))];
  expect(await lastro(['simulate', 'transfers', ...flags])).toMatchObject({ code: 0 });
  await query(
    doctored.databaseUrl,
    `set session_replication_role = replica;
     update account set credits_posted = credits_posted + 1 where id = 'simulacao:2'`,
  );
  const text = await lastro(['simulate', 'transfers', ...flags]);
  expect(text.code).toBe(1);
  expect(text.out).toContain('THE BOOKS DO NOT ADD UP');
  expect(text.out).toMatch(/^ {2}I1 .*: simulacao:2$/m);
  const json = await lastro(['simulate', 'transfers', ...flags, '--output', 'json']);
  expect(json.code).toBe(1);
  expect(reportOf(json.out).books).toMatchObject({ ok: false });
});

test('a bank that is killed in the middle: unknown outcomes are settled by their ids, nothing is lost', async () => {
  const killed = await startBankProcess();
  cleanups.push(() => killed.stop());
  const flags = ['--count', '1500', '--concurrency', '20', '--accounts', '20'];
  const argv = ['simulate', 'transfers', ...flags, ...(await at(killed)), '--output', 'json'];
  const running = lastro(argv);
  await eventually('it is under way', async () => {
    const { body } = await killed.call<{ data: { type: string }[] }>('GET', '/v1/events?after=60');
    return body.data.some(({ type }) => type.startsWith('transfer'));
  });
  await killed.restart();
  const { code, out, sentence } = await running;
  expect({ code, sentence }).toEqual({ code: 0, sentence: '' });
  const report = reportOf(out);
  expect(report).toMatchObject({ unanswered: 0, books: { ok: true } });
  expect(report.accepted + report.refused.total).toBe(1_500);
  // Ours, the deposits' and nothing besides: no command was carried out twice.
  const [row] = await query<{ count: number }>(
    killed.databaseUrl,
    'select count(*)::int as count from transfer',
  );
  expect(row?.count).toBe(report.accepted + 20);
});

test('what keeps it from being done is one sentence and exit code 3', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const [, , , keyFile = ''] = await at(bank);
  const noBank = ['simulate', 'orders', '--url', nobody, '--key-file', keyFile];
  const silent = await lastro(noBank);
  expect(silent).toMatchObject({ code: 3, out: '' });
  expect(silent.sentence).toContain('can’t be reached');
  const noKey = await lastro(['simulate', 'orders', '--url', bank.url, '--key-file', 'nowhere']);
  expect(noKey).toMatchObject({ code: 3, out: '' });
  expect(noKey.sentence).toContain('--key-file');
  const wrongKey = await at({ url: bank.url, adminKey: `wrong_${'k'.repeat(40)}` });
  expect(await lastro(['simulate', 'orders', ...wrongKey])).toMatchObject({ code: 3, out: '' });
  const forbidden = { code: 'forbidden', title: 'Not allowed', retryable: false };
  const url = await refuseAll(403, forbidden);
  const refused = await lastro(['simulate', 'transfers', '--url', url, '--key-file', keyFile]);
  expect(refused).toMatchObject({ code: 3, out: '' });
  expect(refused.sentence).toContain('forbidden: Not allowed');
});
