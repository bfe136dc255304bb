import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { newKey } from '../harness/bank-in-process.ts';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { startFlood, type Flood } from './fixtures/flood.ts';
import { connectBeside, startOwnPostgres, type OwnPostgres } from './fixtures/own-postgres.ts';
import { note, seededChance, type Chance } from './fixtures/random.ts';
import { isLong, rounds } from './fixtures/rounds.ts';

vi.setConfig({ testTimeout: isLong ? 3_600_000 : 600_000 });

let postgres: OwnPostgres;

beforeAll(async () => {
  postgres = await startOwnPostgres();
});

afterAll(async () => {
  await postgres.remove();
});

interface World {
  readonly databaseUrl: string;
  readonly banks: readonly BankProcess[];
  readonly flood: Flood;
  readonly chance: Chance;
}

/** A database of its own, `count` server processes on one database, and a flood over them. */
async function startWorld(what: string, count: number): Promise<World> {
  const chance = seededChance(what);
  const databaseUrl = await postgres.createDatabase();
  const adminKey = newKey();
  const banks: BankProcess[] = [];
  for (let index = 0; index < count; index += 1) {
    const bank = await startBankProcess({ databaseUrl, adminKey });
    onTestFinished(() => bank.stop());
    banks.push(bank);
  }
  return { databaseUrl, banks, flood: await startFlood(banks, chance), chance };
}

/** So many definite answers between two faults, never the same number. */
const between = (chance: Chance) => 60 + chance.below(rounds(120, 250));

async function expectKept({ databaseUrl, flood }: World): Promise<void> {
  const database = await eventually('PostgreSQL answers', () => connectBeside(databaseUrl), 30_000);
  try {
    await flood.expectKept(database);
  } finally {
    await database.end();
  }
}

/** Makes the fault again and again in the middle of the flood, and looks at the books each time. */
async function expectBooksThrough(
  world: World,
  times: number,
  fault: (round: number) => Promise<void>,
) {
  const { flood, chance, banks, databaseUrl } = world;
  for (let round = 0; round < times; round += 1) {
    await flood.more(between(chance));
    await fault(round);
    await flood.more(20);
    await expectKept(world);
    const [bank] = banks.filter(({ isRunning }) => isRunning);
    if (bank !== undefined)
      await eventually('the books are read', () => checkBooks(bank).then(() => true));
  }
  await flood.more(between(chance));
  await flood.end();
  note(`${flood.settled} settled, ${flood.unknown} tries without a definite answer`);
  const database = await connectBeside(databaseUrl);
  onTestFinished(() => database.end());
  await flood.expectExact(database);
  for (const bank of banks) await checkBooks(bank);
}

test('the server, killed in the middle of a flood, again and again', async () => {
  const world = await startWorld('server killed', 1);
  await expectBooksThrough(world, rounds(2, 60), async () => {
    await world.banks[0]?.kill();
    await world.banks[0]?.restart();
  });
  // A kill in the middle of a flood leaves somebody without an answer.
  expect(world.flood.unknown).toBeGreaterThan(0);
});

test('PostgreSQL, killed in the middle of a flood while the server stays up, again and again', async () => {
  const world = await startWorld('PostgreSQL killed', 1);
  const pid = world.banks[0]?.pid;
  await expectBooksThrough(world, rounds(1, 40), async () => {
    const before = postgres.server.pid;
    postgres.kill();
    await eventually('it is started again', () => postgres.server.pid !== before, 30_000);
  });
  expect(world.banks[0]?.pid).toBe(pid);
});

test('both at once', async () => {
  const world = await startWorld('both killed', 1);
  await expectBooksThrough(world, rounds(1, 40), async () => {
    const before = postgres.server.pid;
    postgres.kill();
    await world.banks[0]?.kill();
    await eventually('it is started again', () => postgres.server.pid !== before, 30_000);
    await world.banks[0]?.restart();
  });
});

test('two servers write to one database; one, then the other, then PostgreSQL is killed', async () => {
  const world = await startWorld('two servers', 2);
  await expectBooksThrough(world, rounds(3, 60), async (round) => {
    if (round % 3 === 2) {
      const before = postgres.server.pid;
      postgres.kill();
      await eventually('it is started again', () => postgres.server.pid !== before, 30_000);
      return;
    }
    const bank = world.banks[round % 3];
    await bank?.kill();
    // The other goes on alone.
    await world.flood.more(50);
    await bank?.restart();
  });
});
