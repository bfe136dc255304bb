import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { LastroClient } from '@lastro/client';
import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { freePort } from './harness/free-port.ts';

const run = promisify(execFile);
const launcher = join(import.meta.dirname, '../packages/server/bin/lastro.mjs');
/** On a busy machine too: alone, all of this file takes 40 s. */
const patienceMs = 60_000;
vi.setConfig({ testTimeout: 180_000 });
const readyWords = 'Ctrl-C stops it';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** One `lastro demo`, with what it said so far. */
interface Demo {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

interface Place {
  readonly data: string;
  readonly port: number;
  readonly pedidosPort: number;
  /** Of the data server; its business servers have the next three. */
  readonly dadosPort: number;
}

async function newPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro demo '));
  const data = join(folder, 'data');
  cleanups.push(async () => {
    for (const pid of await processesOf(data)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const [port, pedidosPort] = [await freePort(), await freePort()];
  return { data, port, pedidosPort, dadosPort: await fourFreePorts() };
}

/** The first of four in a row. */
async function fourFreePorts(): Promise<number> {
  return eventually('four ports in a row are free', async () => {
    const first = await freePort();
    if (first > 65_532) return false;
    const free = await Promise.all([1, 2, 3].map((more) => isFree(first + more)));
    return free.every(Boolean) && first;
  });
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** Loaded before the launcher, makes it believe that it runs on Node 20 and start another one. */
const pretendNode20 = `data:text/javascript,Object.defineProperty(process, 'versions', {
  value: { ...process.versions, node: '20.20.2' } })`;

function startDemo(
  place: Place,
  env: NodeJS.ProcessEnv = {},
  nodeFlags: readonly string[] = [],
): Demo {
  const args = ['demo', `--data=${place.data}`, `--pedidos-port=${place.pedidosPort}`];
  args.push(`--dados-port=${place.dadosPort}`);
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

async function readyDemo(
  place: Place,
  env: NodeJS.ProcessEnv = {},
  words = readyWords,
): Promise<Demo> {
  const demo = startDemo(place, env);
  await untilSaid(demo, words);
  return demo;
}

async function untilSaid(demo: Demo, words: string): Promise<void> {
  const isSaid = await eventually(
    `the demo says “${words}”`,
    () => demo.out().includes(words) || (demo.child.exitCode !== null && 'never'),
    patienceMs,
  );
  if (isSaid === 'never') throw new Error(`it ended: ${demo.out()}${demo.err()}`);
}

/** Processes that name the data folder: the demo, its bank, its PostgreSQL. */
async function processesOf(data: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,stat=,args=', '-ww']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(data) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

async function expectNothingRuns(data: string): Promise<void> {
  await eventually(
    'no process is left',
    async () => (await processesOf(data)).length === 0,
    patienceMs,
  );
}

async function bankPid({ data }: Place): Promise<number> {
  const { stdout } = await run('pgrep', ['-f', `serve .*--data=${data}`]);
  return Number.parseInt(stdout, 10);
}

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
}

/** Moves 50 reais from account 1 to 2 through the business server on this port; its status. */
async function transferred(port: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/transferencia/1/2/50`;
  return (await fetch(url, { headers: { token: 'ba0f' } })).status;
}

async function clientOf({ data, port }: Place): Promise<LastroClient> {
  const key = (await readFile(join(data, 'admin-key'), 'utf8')).trim();
  const client = new LastroClient({ url: `http://127.0.0.1:${port}`, key });
  cleanups.push(() => client.close());
  return client;
}

/** What the demo put there, whatever was bought since. */
async function expectFilled(bank: LastroClient): Promise<void> {
  const accounts = (await bank.listAccounts({ limit: 1000, asset: 'BRL/2' })).data;
  const customers = accounts.filter(({ id }) => id.startsWith('cliente:'));
  expect(customers).toHaveLength(6);
  expect(accounts.map(({ id }) => id)).toContain('loja');
  const money = accounts.filter(({ id }) => id === 'loja' || id.startsWith('cliente:'));
  const total = money.reduce((sum, { balance }) => sum + Number(balance), 0);
  expect(total).toBe(4_875_000_00);
  const products = (await bank.listProducts({ limit: 1000 })).data;
  expect(products).toHaveLength(11);
  expect(products.reduce((sum, { stock, sold }) => sum + stock + sold, 0)).toBe(101);
  expect(await bank.consistency()).toMatchObject({ ok: true });
}

test('stopped in the middle of its start, the demo leaves nothing running', async () => {
  const place = await newPlace();
  const demo = startDemo(place);
  await untilSaid(demo, 'PostgreSQL');
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toBe(0);
  expect(demo.err()).toBe('');
  await expectNothingRuns(place.data);
});

test('the demo fills its bank, says how to use it, stops at SIGTERM and goes on with its data', async () => {
  const place = await newPlace();
  const first = await readyDemo(place);
  expect(first.err()).toBe('');
  expect(first.out()).not.toContain('\u001B');
  expect(first.out()).toContain(`http://127.0.0.1:${place.port}`);
  expect(first.out()).toContain(`http://127.0.0.1:${place.pedidosPort}`);
  expect(first.out()).toContain(join(place.data, 'admin-key'));
  expect((await stat(join(place.data, 'admin-key'))).mode & 0o777).toBe(0o600);
  const bank = await clientOf(place);
  await expectFilled(bank);
  expect(await bank.readAccount('cliente:3')).toMatchObject({ balance: 0 });

  for (const more of [0, 1, 2, 3]) {
    expect(first.out()).toContain(`http://127.0.0.1:${place.dadosPort + more}`);
  }
  const [curl = '', postCurl = '', dadosCurl = ''] = first.out().match(/^ {2}curl .*$/gm) ?? [];
  const pasted = await run('sh', ['-c', curl]);
  expect(JSON.parse(pasted.stdout)).toMatchObject({ id: 'cliente:1', balance: 250_000_000 });
  expect(JSON.parse((await run('sh', ['-c', postCurl])).stdout)).toEqual({
    mensagem: 'Pedido recebido com sucesso',
  });
  expect((await run('sh', ['-c', dadosCurl])).stdout).toBe('{"saldo":1000}');
  expect(await transferred(place.dadosPort + 3)).toBe(200);
  expect(await run('sh', ['-c', dadosCurl])).toMatchObject({ stdout: '{"saldo":950}' });
  expect(await transferred(place.dadosPort + 1)).toBe(200);
  // The business servers of one bank write one log.
  const log = join(place.data, 'business_server.log');
  const lines = await eventually('an operation has its line', async () => {
    const read = (await readFile(log, 'utf8')).split('\n');
    return read.length > 2 && read;
  });
  expect(lines.map((line) => line.split(', ').slice(1).join(', '))).toEqual([
    '1, 127.0.0.1, transferencia, 1, 2, 50',
    '2, 127.0.0.1, transferencia, 1, 2, 50',
    '',
  ]);
  await eventually('the order is there', async () => (await bank.listOrders()).data.length === 1);

  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(first.err()).toBe('');
  await expectNothingRuns(place.data);

  const second = await readyDemo(place);
  await expectFilled(bank);
  expect((await bank.listOrders()).data).toHaveLength(1);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
  await expectNothingRuns(place.data);
});

test('a bank that was just filled gets a first flood, once', async () => {
  const place = await newPlace();
  const first = await readyDemo(place, { LASTRO_FLOOD: '' });
  expect(first.err()).toBe('');
  expect(first.out()).toMatch(/^Orders: --count 200 --concurrency 50 --seed \d+$/m);
  expect(first.out()).toMatch(/^ {2}accepted +\d+$/m);
  expect(first.out()).toMatch(/^The books add up: /m);
  const bank = await clientOf(place);
  await expectFilled(bank);
  expect((await bank.listOrders({ limit: 1000 })).data).toHaveLength(200);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);

  const second = await readyDemo(place, { LASTRO_FLOOD: '', LASTRO_OUTPUT: 'json' }, '"banks"');
  expect(JSON.parse(second.out())).toMatchObject({
    banks: [{ id: 'alfa', url: `http://127.0.0.1:${place.port}` }],
    adminKeyFile: join(place.data, 'admin-key'),
    floods: [],
  });
  expect((await bank.listOrders({ limit: 1000 })).data).toHaveLength(200);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('taken classic ports: one line each, and the rest goes on; a taken API port: one sentence, and nothing runs', async () => {
  const place = await newPlace();
  await occupy(place.pedidosPort);
  await occupy(place.dadosPort);
  const demo = await readyDemo(place);
  const lines = demo.out().match(/^port \d+ is taken, so .*$/gm);
  expect(lines).toHaveLength(2);
  for (const [port, surface] of [
    [place.pedidosPort, 'pedidos'],
    [place.dadosPort, 'dados'],
  ]) {
    const words = new RegExp(`^port ${port} is taken, so .* ${surface} stays off`);
    expect(lines).toContainEqual(expect.stringMatching(words));
  }
  // Its business servers reach the bank all the same.
  expect(await transferred(place.dadosPort + 1)).toBe(200);
  expect(demo.err()).toBe('');
  await expectFilled(await clientOf(place));

  const late = { ...(await newPlace()), port: place.port };
  const loser = startDemo(late);
  expect(await loser.ended).toBe(1);
  expect(loser.err()).toMatch(new RegExp(`^lastro: .*${place.port}.* taken.*\\.\n$`));
  await expectNothingRuns(late.data);

  const twin = startDemo({ ...place, port: await freePort() });
  expect(await twin.ended).toBe(1);
  expect(twin.err()).toMatch(/^lastro: .*\n$/);
  await (await clientOf(place)).readyz();
});

test('a killed bank is started again; a killed parent leaves no process behind; the data survive both', async () => {
  const place = await newPlace();
  const early = startDemo(place, {}, ['--import', pretendNode20]);
  await untilSaid(early, 'bank alfa');
  // The launcher, the demo, its bank and its PostgreSQL: what is killed is only the first of them.
  expect((await processesOf(place.data)).length).toBeGreaterThan(3);
  early.child.kill('SIGKILL');
  await expectNothingRuns(place.data);

  const demo = await readyDemo(place);
  const bank = await clientOf(place);
  await expectFilled(bank);
  process.kill(await bankPid(place), 'SIGKILL');
  await untilSaid(demo, 'bank alfa is back');
  expect(demo.out()).toContain('bank alfa ended unexpectedly (signal SIGKILL)');
  await expectFilled(bank);
  demo.child.kill('SIGKILL');
  await expectNothingRuns(place.data);
});

test('an unreachable database: one sentence without its password, and nothing runs', async () => {
  const place = await newPlace();
  const url = `postgres://user:geheim@127.0.0.1:${await freePort()}/alfa`;
  const demo = startDemo(place, { DATABASE_URL: url });
  expect(await demo.ended).toBe(1);
  expect(demo.err()).toMatch(/^lastro: .*\n$/);
  expect(demo.err() + demo.out()).not.toContain('geheim');
  await expectNothingRuns(place.data);
});

test('with pt in the environment the demo speaks Portuguese', async () => {
  const place = await newPlace();
  const demo = startDemo(place, { LANG: 'pt_BR.UTF-8', LASTRO_HOST: 'not a host' });
  expect(await demo.ended).toBe(2);
  expect(demo.err()).toMatch(/^lastro: LASTRO_HOST deve ser/);
});
