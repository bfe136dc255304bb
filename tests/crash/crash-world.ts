import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { expect } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { startFlood, type Flood } from '../faults/fixtures/flood.ts';
import { KINDS } from '../faults/fixtures/flood-commands.ts';
import { BLOCK_BYTES, COMMIT_BYTES, startByteProxy } from '../faults/fixtures/byte-proxy.ts';
import type { ByteProxy, Passage } from '../faults/fixtures/byte-proxy.ts';
import { connectBeside } from '../faults/fixtures/own-postgres.ts';
import { note, type Chance } from '../faults/fixtures/random.ts';
import { newKey } from '../harness/bank-in-process.ts';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { verified } from '../leases/verified.ts';

/** A bank that dies and comes back under a flood that goes on; PostgreSQL is reached through a proxy. */
export interface CrashWorld {
  readonly flood: Flood;
  /** Straight to PostgreSQL. */
  readonly beside: pg.Client;
  /**
   * Puts a process with this point armed in the place of the one that runs, and waits until it died
   * there. `provoke` is called again and again until then.
   */
  crashAt(point: CrashPoint, time: number, provoke?: Provoke): Promise<void>;
  /** Whoever serves or not: all that was acknowledged so far is there, once. */
  expectKept(): Promise<void>;
  /** Serves again: the same, and the books are right. */
  recover(): Promise<void>;
  /** Every client gets its answers; what was told and what is there are equal, to the unit. */
  expectExact(): Promise<void>;
  stop(): Promise<void>;
}

export type Provoke = (provoked: Provoked) => Promise<void> | void;

export interface Provoked {
  readonly bank: BankProcess;
  /** How often this death was provoked before. */
  readonly before: number;
  readonly passages: readonly Passage[];
  readonly headBlock: () => Promise<number>;
}

const DEATH_DEADLINE_MS = 30_000;
const NEWS_DEADLINE_MS = 2_000;
const PROVOKE_EVERY_MS = 500;
/** Among so many answers at the latest each kind of command was accepted. */
const SETTLED_OF_EVERYTHING = 3_000;

export async function startCrashWorld(chance: Chance): Promise<CrashWorld> {
  const databaseUrl = await createBankDatabase();
  const proxy = await startByteProxy(Number(new URL(databaseUrl).port));
  const through = new URL(databaseUrl);
  through.port = String(proxy.port);
  const settings = { databaseUrl: through.href, adminKey: newKey(), port: await freePort() };
  const beside = await connectBeside(databaseUrl);
  let bank = await startBankProcess(settings);
  const flood = await startFlood([bank], chance, { isDeep: true });
  const replace = async (environment: Record<string, string>) => {
    await bank.kill();
    await bank.stop();
    bank = await startBankProcess({ ...settings, environment });
  };
  return {
    flood,
    beside,
    async crashAt(point, time, provoke) {
      const log = await deathOf(
        () => replace({ LASTRO_CRASH_AT: `${point}:${time}` }).then(() => bank),
        (alive, before) => {
          const passages = live(proxy);
          return provoke?.({ bank: alive, before, passages, headBlock: headOf(beside) });
        },
      );
      expect(log).toContain(`crash point ${point}\n`);
    },
    expectKept: () => flood.expectKept(beside),
    async recover() {
      await replace({});
      await flood.more(20);
      await flood.expectKept(beside);
      await eventually('the books are read', () => checkBooks(bank).then(() => true));
    },
    async expectExact() {
      await flood.end();
      await flood.expectExact(beside);
      note(`accepted: ${JSON.stringify(flood.accepted)}`);
      if (flood.settled > SETTLED_OF_EVERYTHING) {
        const missing = KINDS.filter((kind) => flood.accepted[kind] === undefined);
        expect(missing, 'what was never accepted').toEqual([]);
      }
      await checkBooks(bank);
      expect((await verified(databaseUrl)).total, 'differences from the journal').toBe(0);
    },
    async stop() {
      await bank.stop();
      await beside.end();
      await proxy.close();
      await abandonDatabase(databaseUrl);
    },
  };
}

const live = ({ passages }: ByteProxy) => passages.filter(({ isCut }) => !isCut);

function headOf(beside: pg.Client) {
  return async () => {
    const { rows } = await beside.query<{ block: string }>('select block from head');
    return Number(rows[0]?.block);
  };
}

/** What a process wrote until it was gone by SIGKILL; it may be gone before it is ready. */
export async function deathOf(
  start: () => Promise<BankProcess>,
  provoke: (bank: BankProcess, before: number) => Promise<void> | void = () => undefined,
): Promise<string> {
  let bank: BankProcess;
  try {
    bank = await start();
  } catch (error) {
    expect(String(error instanceof Error && error.cause)).toContain('it ended (SIGKILL)');
    return String(error);
  }
  const deadline = performance.now() + DEATH_DEADLINE_MS;
  for (let before = 0; bank.isRunning && performance.now() < deadline; before += 1) {
    await provoke(bank, before);
    // Until it is gone, or a while: then it is provoked again.
    await Promise.race([bank.exited, sleep(PROVOKE_EVERY_MS, undefined, { ref: false })]);
  }
  expect(bank.isRunning, `still alive; its log:\n${bank.log}`).toBe(false);
  expect(await bank.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await bank.stop();
  return bank.log;
}

/** The next block is committed, and its answer never comes. */
export async function loseAnswer({ passages, headBlock }: Provoked): Promise<void> {
  const before = await headBlock();
  for (const passage of passages) passage.swallowAnswersAfter(COMMIT_BYTES);
  await orLate(eventually('a block', async () => (await headBlock()) > before, NEWS_DEADLINE_MS));
  for (const passage of passages) {
    passage.cutClient();
    passage.release();
  }
}

/** The next block never reaches PostgreSQL, and its writer sees the connection end. */
export async function loseBlock({ passages }: Provoked): Promise<void> {
  for (const passage of passages) passage.holdTrainWith(BLOCK_BYTES);
  const isHeld = () => passages.some(({ heldBytes }) => heldBytes > 0);
  await orLate(eventually('a block is held', isHeld, NEWS_DEADLINE_MS));
  for (const passage of passages) {
    passage.cutClient();
    passage.cutServer();
  }
}

/** Asks it to stop, as a service manager would: once, for asked twice it ends at once. */
export function terminate({ bank, before }: Provoked): void {
  if (before === 0) process.kill(bank.pid, 'SIGTERM');
}

/** Nothing to disturb this time (the process is gone, or its clients are all waiting): not an error. */
async function orLate(wait: Promise<unknown>): Promise<void> {
  await wait.catch(() => undefined);
}
