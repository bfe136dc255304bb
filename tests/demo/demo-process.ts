import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { LastroClient } from '@lastro/client';
import { afterEach, expect } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { freePort, freePortsInARow } from '../harness/free-port.ts';

export const run = promisify(execFile);
export const launcher = join(import.meta.dirname, '../../packages/server/bin/lastro.mjs');
/** On a busy machine too: three banks may take a minute to start there. */
export const patienceMs = 120_000;
const readyWords = 'Ctrl-C stops it';

export const bankIds = ['alfa', 'beta', 'gama'] as const;
export type BankId = (typeof bankIds)[number];

export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** One `lastro demo`, with what it said so far. */
export interface Demo {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface Place {
  readonly data: string;
  /** Of alfa; beta and gama have the next two. */
  readonly port: number;
  readonly pedidosPort: number;
  /** Of the data server; its business servers have the next three. */
  readonly dadosPort: number;
  /** Of alfa's server of accounts; those of beta and gama have the next two. */
  readonly contasPort: number;
}

export async function newPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro demo '));
  const data = join(folder, 'data');
  cleanups.push(async () => {
    for (const pid of await processesOf(data)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const [port, dadosPort] = [await freePortsInARow(3), await freePortsInARow(4)];
  const contasPort = await freePortsInARow(3);
  return { data, port, pedidosPort: await freePort(), dadosPort, contasPort };
}

export function startDemo(
  place: Place,
  env: NodeJS.ProcessEnv = {},
  nodeFlags: readonly string[] = [],
): Demo {
  const args = ['demo', `--data=${place.data}`, `--pedidos-port=${place.pedidosPort}`];
  args.push(`--dados-port=${place.dadosPort}`, `--contas-port=${place.contasPort}`);
  const child = spawn(process.execPath, [...nodeFlags, launcher, ...args], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      LANG: 'C',
      LASTRO_PORT: String(place.port),
      LASTRO_FLOOD: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) =>
    typeof code === 'number' ? code : null,
  );
  return { child, out: () => out, err: () => err, ended };
}

export async function readyDemo(
  place: Place,
  env: NodeJS.ProcessEnv = {},
  words = readyWords,
): Promise<Demo> {
  const demo = startDemo(place, env);
  await untilSaid(demo, words);
  return demo;
}

export async function untilSaid(demo: Demo, words: string): Promise<void> {
  const isSaid = await eventually(
    `the demo says “${words}”`,
    () => demo.out().includes(words) || (demo.child.exitCode !== null && 'never'),
    patienceMs,
  );
  if (isSaid === 'never') throw new Error(`it ended: ${demo.out()}${demo.err()}`);
}

/** Asks it to stop, and sees that it did as asked. */
export async function stopped(demo: Demo, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  demo.child.kill(signal);
  expect(await demo.ended).toBe(0);
}

/** Processes that name the data folder: the demo, its banks, its PostgreSQL. */
export async function processesOf(data: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,stat=,args=', '-ww']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(data) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

export async function expectNothingRuns(data: string): Promise<void> {
  await eventually(
    'no process is left',
    async () => (await processesOf(data)).length === 0,
    patienceMs,
  );
}

export async function bankPid({ data }: Place, bank: BankId): Promise<number> {
  const { stdout } = await run('pgrep', ['-f', `serve --bank=${bank} --data=${data}`]);
  return Number.parseInt(stdout, 10);
}

export async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
}

export function portOf({ port }: Place, bank: BankId): number {
  return port + bankIds.indexOf(bank);
}

export async function clientOf(
  place: Place,
  bank: BankId = 'alfa',
  key?: string,
): Promise<LastroClient> {
  const client = new LastroClient({
    url: `http://127.0.0.1:${portOf(place, bank)}`,
    key: key ?? (await readFile(join(place.data, 'admin-key'), 'utf8')).trim(),
  });
  cleanups.push(() => client.close());
  return client;
}

/** What the demo put into alfa, whatever was bought since; `paidAway` went to other banks, in centavos. */
export async function expectFilled(bank: LastroClient, paidAway = 0): Promise<void> {
  const accounts = (await bank.listAccounts({ limit: 1000, asset: 'BRL/2' })).data;
  const customers = accounts.filter(({ id }) => id.startsWith('cliente:'));
  expect(customers).toHaveLength(6);
  expect(accounts.map(({ id }) => id)).toContain('loja');
  const money = accounts.filter(({ id }) => id === 'loja' || id.startsWith('cliente:'));
  const total = money.reduce((sum, { balance }) => sum + Number(balance), 0);
  expect(total).toBe(4_875_000_00 - paidAway);
  const products = (await bank.listProducts({ limit: 1000 })).data;
  expect(products).toHaveLength(11);
  expect(products.reduce((sum, { stock, sold }) => sum + stock + sold, 0)).toBe(101);
  expect(await bank.consistency()).toMatchObject({ ok: true });
}

/** What customers and shop of a bank have, in centavos. */
export async function moneyIn(bank: LastroClient): Promise<number> {
  const accounts = (await bank.listAccounts({ limit: 1000, asset: 'BRL/2' })).data;
  return accounts
    .filter(({ id }) => id === 'loja' || id.startsWith('cliente:'))
    .reduce((sum, { balance }) => sum + Number(balance), 0);
}

/** What this bank says that it owes the peer, when nothing is under way between them; centavos. */
export async function settledPosition(bank: LastroClient, peer: BankId): Promise<number> {
  const settled = await eventually(
    `nothing is under way with ${peer}`,
    async () => {
      const answer = await bank.peers.readPosition(peer);
      return answer.inFlight.length === 0 && answer;
    },
    patienceMs,
  );
  return Number(settled.positions.find(({ asset }) => asset === 'BRL/2')?.position ?? 0);
}

/** Every two banks are through with each other and say the same of what they owe each other. */
export async function expectMirrored(place: Place): Promise<void> {
  for (const [one, other] of [
    ['alfa', 'beta'],
    ['alfa', 'gama'],
    ['beta', 'gama'],
  ] as const) {
    const position = await settledPosition(await clientOf(place, one), other);
    expect(await settledPosition(await clientOf(place, other), one)).toBe(0 - position);
  }
}
