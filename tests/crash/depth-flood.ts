import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { NO_METADATA, type Command, type Envelope } from '@lastro/core';
import { expect } from 'vitest';
import { verifyDatabase } from '../../packages/server/src/ledger/journal/index.ts';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { envelope, openWithMoney, startEngine } from '../faults/fixtures/engine-world.ts';
import type { Chance } from '../faults/fixtures/random.ts';
import { eventually } from '../harness/eventually.ts';
import { query } from '../harness/postgres.ts';
import { writeLine, type Answer } from './engine-lines.ts';

const ACCOUNTS = 8;
const FUNDS = 100_000n;
/** Commands on their way at any time. */
const IN_FLIGHT = 24;
const DEATH_DEADLINE_MS = 60_000;
const program = join(import.meta.dirname, 'fixtures/engine-process.ts');

/** Holds, corrections, statuses and leases that go on through the deaths of their process. */
export interface DepthFlood {
  readonly settled: number;
  /** Serves until it dies at the point. `isQuiet`: after some short holds nothing is asked of it. */
  dieAt(point: CrashPoint, time: number, isQuiet?: boolean): Promise<void>;
  /** Every command gets its answer, every due hold ends; what was told is what is there. */
  expectExact(): Promise<void>;
}

/** What later commands are about: ids that earlier ones were sent with, settled or not. */
interface Memory {
  readonly holds: string[];
  readonly transfers: string[];
  readonly groups: string[];
  readonly orders: string[];
  readonly leases: string[];
}

function draw(chance: Chance, memory: Memory): Command {
  const uuid = randomUUID();
  const account = () => `d-${chance.below(ACCOUNTS)}`;
  const leg = () => {
    const amount = BigInt(1 + chance.below(300));
    return { from: account(), to: account(), amount, metadata: NO_METADATA, condition: null };
  };
  const known = (ids: readonly string[]) => (ids.length === 0 ? uuid : chance.pick(ids));
  const draws: readonly (() => Command)[] = [
    () => shortHold(memory, chance, uuid, [leg()]),
    () => shortHold(memory, chance, uuid, [leg(), leg()]),
    () => {
      memory.transfers.push(uuid);
      return { type: 'CaptureHold', hold: known(memory.holds), amount: null, transferId: uuid };
    },
    () => ({ type: 'ReleaseHold', hold: known(memory.holds) }),
    () => ({ type: 'ExtendHold', hold: known(memory.holds), expiry: { ttl: 2 } }),
    () => {
      memory.transfers.push(uuid);
      return { type: 'PostTransfer', id: uuid, ...leg() };
    },
    () => {
      memory.groups.push(uuid);
      const transfers = [leg(), leg()].map((one) => ({ id: randomUUID(), ...one }));
      return { type: 'PostTransaction', id: uuid, transfers };
    },
    () => ({
      type: 'ReverseTransfer',
      id: uuid,
      reverses: known(memory.transfers),
      amount: chance.next() < 0.5 ? null : BigInt(1 + chance.below(100)),
      metadata: NO_METADATA,
      mayMoveCash: false,
    }),
    () => ({
      type: 'ReverseTransaction',
      id: uuid,
      reverses: known([...memory.groups, ...memory.holds]),
      transferId: randomUUID(),
    }),
    () => {
      memory.orders.push(uuid);
      return {
        type: 'PlaceOrder',
        id: uuid,
        customer: account(),
        merchant: 'd-shop',
        lines: [{ sku: 'tea', quantity: 2n }],
        expectedTotal: null,
        transferIds: [randomUUID(), randomUUID()],
      };
    },
    () => ({
      type: 'CancelOrder',
      order: known(memory.orders),
      id: uuid,
      transferId: randomUUID(),
    }),
    () => {
      memory.leases.push(uuid);
      return {
        type: 'RequestLease',
        id: uuid,
        account: 'd-leased',
        owner: 'flood',
        ttl: 1,
        wait: 5,
      };
    },
    () => ({ type: 'ReleaseLease', account: 'd-leased', lease: known(memory.leases) }),
    () => ({ type: 'FreezeAccount', account: 'd-0', reason: null }),
    () => ({ type: 'UnfreezeAccount', account: 'd-0', reason: null }),
  ];
  return chance.pick(draws)();
}

function shortHold(
  memory: Memory,
  chance: Chance,
  id: string,
  transfers: Extract<Command, { readonly type: 'PlaceHold' }>['transfers'],
): Command {
  memory.holds.push(id);
  return { type: 'PlaceHold', id, transfers, expiry: { ttl: 1 + chance.below(2) } };
}

async function seed(url: string): Promise<void> {
  const world = await startEngine({ url });
  for (let index = 0; index < ACCOUNTS; index += 1) {
    await openWithMoney(world, `d-${index}`, FUNDS);
  }
  await openWithMoney(world, 'd-shop', 0n);
  await openWithMoney(world, 'd-leased', 0n);
  await world.engine.submit(
    envelope({
      type: 'CreateProduct',
      sku: 'tea',
      name: 'tea',
      price: 5n,
      asset: 'BRL/2',
      merchant: 'd-shop',
      stock: 1_000_000n,
      transferId: randomUUID(),
    }),
  );
  await world.stop();
}

export async function startDepthFlood(url: string, chance: Chance): Promise<DepthFlood> {
  await seed(url);
  const memory: Memory = { holds: [], transfers: [], groups: [], orders: [], leases: [] };
  const open = new Map<string, Envelope>();
  const told = new Map<string, Answer>();
  const start = (environment: Record<string, string>): ChildProcess => {
    const child = spawn(process.execPath, [program, url], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // What it was sent as it died comes again.
    child.stdin?.on('error', () => undefined);
    for (const one of open.values()) child.stdin?.write(`${writeLine(one)}\n`);
    return child;
  };
  const send = (child: ChildProcess, command: Command) => {
    const sent = envelope(command);
    open.set(sent.id, sent);
    child.stdin?.write(`${writeLine(sent)}\n`);
  };
  /** Keeps commands on their way, as many as `wanted` says. */
  const serve = (child: ChildProcess, wanted: () => number) => {
    const fill = () => {
      while (open.size < wanted()) send(child, draw(chance, memory));
    };
    if (child.stdout === null) throw new Error('no answers');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      const again = open.get(answer.id);
      if (answer.word.startsWith('unknown') && again !== undefined) {
        child.stdin?.write(`${writeLine(again)}\n`);
        return;
      }
      open.delete(answer.id);
      told.set(answer.id, answer);
      fill();
    });
    fill();
  };
  return {
    get settled() {
      return told.size;
    },
    async dieAt(point, time, isQuiet = false) {
      const child = start({ LASTRO_CRASH_AT: `${point}:${time}` });
      let log = '';
      child.stderr?.on('data', (text: Buffer) => void (log += text.toString()));
      const exited = new Promise<string | null>((resolve) => {
        child.on('exit', (_, signal) => resolve(signal));
      });
      const deadline = setTimeout(() => child.kill('SIGTERM'), DEATH_DEADLINE_MS);
      serve(child, () => (isQuiet ? 0 : IN_FLIGHT));
      if (isQuiet) {
        for (let count = 0; count < 10; count += 1) {
          const parts = { metadata: NO_METADATA, condition: null };
          const leg = { from: 'd-1', to: 'd-2', amount: 1n, ...parts };
          send(child, shortHold(memory, chance, randomUUID(), [leg]));
        }
      }
      if (point === 'draining') {
        const before = told.size;
        await eventually('some are settled', () => told.size > before + 20, 30_000);
        child.stdin?.end();
      }
      const signal = await exited;
      clearTimeout(deadline);
      expect(signal, log).toBe('SIGKILL');
      expect(log).toContain(`crash point ${point}\n`);
    },
    async expectExact() {
      const child = start({});
      const exited = new Promise<void>((resolve) => {
        child.on('exit', () => resolve());
      });
      serve(child, () => 0);
      await eventually('every command has its answer', () => open.size === 0, 60_000);
      await eventually('every due hold ended', () => nothingIsDue(url), 30_000);
      child.stdin?.end();
      await exited;
      await expectTold(url, [...told.values()]);
      await expectBooks(url);
    },
  };
}

async function nothingIsDue(url: string): Promise<boolean> {
  const due = await query(url, 'select 1 from hold_open where expires_at <= now() limit 1');
  return due.length === 0;
}

/** Every answer is the one outcome of its command, at the event that it named. */
async function expectTold(url: string, told: readonly Answer[]): Promise<void> {
  const rows = await query<{ id: string; seq: string; code: string | null }>(
    url,
    `select id, seq, code from outcome where principal = 'test'`,
  );
  const recorded = new Map(rows.map((row) => [row.id, row]));
  expect(recorded.size).toBe(rows.length);
  const wrong = told.filter(({ id, word, seq }) => {
    const row = recorded.get(id);
    const isRefused = word === 'command.refused' || word === 'order.refused';
    return row === undefined || Number(row.seq) !== seq || (row.code !== null) !== isRefused;
  });
  expect(wrong).toEqual([]);
  expect(rows.filter(({ code }) => code === 'internal_error')).toEqual([]);
}

async function expectBooks(url: string): Promise<void> {
  const world = await startEngine({ url });
  try {
    expect(await world.brokenInvariants()).toEqual([]);
  } finally {
    await world.stop();
  }
  const report = await verifyDatabase({ url, checkpoints: [], trustedKey: null });
  expect(report.differences.first).toBeNull();
}
