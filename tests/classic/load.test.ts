import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { tally } from '../harness/seeding.ts';
import { allEvents } from '../leases/lease-calls.ts';
import { servedOf, ticketsOf } from '../leases/service.ts';
import { verified } from '../leases/verified.ts';
import type { ClassicProcess } from './classic-process.ts';
import { startClassicWorld, type ClassicWorld } from './classic-world.ts';

const LOCK_SECONDS = 3;
const OPERATIONS = 200;
const HAND_CLIENTS = 12;
/** The account whose lock a killed client holds. */
const LOCKED = '1';
/** How late a busy machine may be with a lock that ran out, and with an answer. */
const LATE_MS = 12_000;
const TIMEOUT_MS = 240_000;

const ACCOUNTS = Array.from({ length: 10 }, (_, index) => String(index + 1));

let world: ClassicWorld;

beforeAll(async () => {
  world = await startClassicWorld({ negocios: 3, flags: [`--lock-seconds=${LOCK_SECONDS}`] });
  return () => world.stop();
}, TIMEOUT_MS);

/** What an operation adds to which account, in centavos. */
interface Planned {
  readonly path: string;
  readonly effects: readonly (readonly [account: string, centavos: number])[];
}

const accountAt = (index: number) => ACCOUNTS[index % ACCOUNTS.length] ?? '';
const reais = (centavos: number) => (centavos / 100).toFixed(2);

/** Deposits, withdrawals and transfers in both directions in turn, of odd centavos. */
function plannedAt(index: number): Planned {
  const [one, other] = [accountAt(index), accountAt(index + 1)];
  const amount = 101 + index * 7;
  switch (index % 4) {
    case 0:
      return { path: `/deposito/${one}/${reais(amount)}`, effects: [[one, amount]] };
    case 1:
      return { path: `/saque/${one}/${reais(amount)}`, effects: [[one, -amount]] };
    case 2:
      return transferOf(one, other, amount);
    default:
      return transferOf(other, one, amount);
  }
}

function transferOf(from: string, to: string, amount: number): Planned {
  return {
    path: `/transferencia/${from}/${to}/${reais(amount)}`,
    effects: [
      [from, -amount],
      [to, amount],
    ],
  };
}

/** Takes the lock, reads, writes what it read and a little more or less, gives the lock back. */
async function changeByHand(dados: ClassicProcess, index: number): Promise<Planned['effects']> {
  const conta = accountAt(index * 3);
  const change = index % 2 === 0 ? 12_34 + index : -(5_67 + index);
  const ask = async (operation: string, more = '') => {
    const path = `/${operation}?id_negoc=hand-${index}&conta=${conta}${more}`;
    const { status, body, text } = await dados.get(path);
    expect(status, text).toBe(200);
    return body;
  };
  const end = performance.now() + TIMEOUT_MS;
  while (performance.now() < end) {
    if ((await ask('getLock')).error_code !== undefined) {
      await sleep(10);
      continue;
    }
    const { saldo = Number.NaN } = await ask('getSaldo');
    const wanted = Math.round(saldo * 100) + change;
    // A lock that ran out on a slow machine may be another's by now: then nothing was written.
    if ((await ask('setSaldo', `&valor=${reais(wanted)}`)).error_code !== undefined) continue;
    await ask('unLock');
    return [[conta, change]];
  }
  throw new Error(`hand-${index} never got the lock of ${conta}`);
}

async function killHolder(): Promise<void> {
  const program = join(import.meta.dirname, 'hand-client.fixture.ts');
  const child = spawn(process.execPath, [program, world.dados.url, LOCKED, 'killed'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it(
  `${OPERATIONS} operations at once through three business servers, and clients that lock by hand`,
  { timeout: TIMEOUT_MS },
  async () => {
    await killHolder();
    const planned = Array.from({ length: OPERATIONS }, (_, index) => plannedAt(index));
    const running = planned.map(async ({ path }, index) => {
      const began = performance.now();
      const reply = await world.negocios[index % 3]?.get(path);
      return { reply: `${reply?.status} ${reply?.text}`, tookMs: performance.now() - began };
    });
    const byHand = Array.from({ length: HAND_CLIENTS }, (_, index) =>
      changeByHand(world.dados, index),
    );
    const [answers, changes] = await Promise.all([Promise.all(running), Promise.all(byHand)]);

    // Nobody waited so long that it was sent away.
    expect(tally(answers.map(({ reply }) => reply))).toEqual({ '200 {}': OPERATIONS });
    const longestMs = Math.max(...answers.map(({ tookMs }) => tookMs));
    expect(longestMs).toBeLessThan(LOCK_SECONDS * 1_000 + LATE_MS);

    const expected = new Map(ACCOUNTS.map((account) => [account, 1000_00]));
    for (const [account, centavos] of [
      ...planned.flatMap(({ effects }) => effects),
      ...changes.flat(),
    ]) {
      expected.set(account, (expected.get(account) ?? 0) + centavos);
    }
    const balances = await Promise.all(
      ACCOUNTS.map(async (account, index) => {
        const { body } = await world.negocios[index % 3]!.get(`/saldo/${account}`);
        return [account, Math.round((body.saldo ?? Number.NaN) * 100)] as const;
      }),
    );
    expect(Object.fromEntries(balances)).toEqual(Object.fromEntries(expected));

    // What setSaldo changed came from the adjustment account, and went there.
    const changed = changes.flat().reduce((total, [, centavos]) => total + centavos, 0);
    const { body } = await world.call('GET', '/v1/accounts/dados:ajuste');
    expect(body['balance']).toBe(-changed);

    // The killed client kept its account for as long as a lock lasts, and no longer.
    const lives = ticketsOf(await allEvents(world), LOCKED);
    const [held, next] = servedOf(lives);
    expect(held?.releasedAt).toBeUndefined();
    expect((held?.expiresAt ?? 0) - (held?.grantedAt ?? 0)).toBe(LOCK_SECONDS * 1_000);
    if (next !== undefined)
      expect(next.grantedAt).toBeGreaterThanOrEqual(held?.expiresAt ?? Infinity);
    await checkBooks(world);
    expect((await verified(world.databaseUrl)).total).toBe(0);
  },
);

it('the log of each business server has a line for each operation that it answered', async () => {
  const wanted = OPERATIONS + ACCOUNTS.length;
  const written = await eventually('every line is written', async () => {
    const logs = await Promise.all(world.negocios.map((_, index) => world.negocioLines(index)));
    return logs.flat().length >= wanted && logs.flat();
  });
  expect(written).toHaveLength(wanted);
});
