import { expect, onTestFinished, test } from 'vitest';
import type { EngineLimits } from '../../packages/server/src/engine/limits.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { atOnce, tally } from '../harness/seeding.ts';
import {
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';
import { note } from './fixtures/random.ts';
import { rounds } from './fixtures/rounds.ts';

async function emptyDatabase(): Promise<string> {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  return url;
}

async function start(url: string, limits: Partial<EngineLimits> = {}): Promise<EngineWorld> {
  const world = await startEngine({ url, limits });
  onTestFinished(() => world.stop());
  return world;
}

/** Sixteen clients of one engine send until told to stop; how many transfers each of the two got. */
function load({ engine }: EngineWorld, isDone: () => boolean): Promise<number> {
  let posted = 0;
  const client = async (index: number) => {
    while (!isDone()) {
      const word = await wordFor(engine.submit(transfer('ana', `to-${index % 4}`, 1n)));
      if (word === 'transfer.posted') posted += 1;
    }
  };
  return atOnce(16, client).then(() => posted);
}

test('two engines on one database under load: neither starves, cold or warm', async () => {
  const url = await emptyDatabase();
  const warm = await start(url);
  await openWithMoney(warm, 'ana', 1_000_000n);
  for (const index of [0, 1, 2, 3]) await openWithMoney(warm, `to-${index}`, 0n);
  const wanted = rounds(4_000, 60_000);
  let isDone = false;
  const warmPosted = load(warm, () => isDone);
  while (warm.engine.statistics.accepted < wanted / 4) {
    await wordFor(warm.engine.submit(transfer('ana', 'to-0', 1n)));
  }
  const cold = await start(url);
  const coldPosted = load(cold, () => isDone);
  const before = warm.engine.statistics.accepted;
  while (cold.engine.statistics.accepted + warm.engine.statistics.accepted - before < wanted) {
    await wordFor(cold.engine.submit(transfer('ana', 'to-1', 1n)));
  }
  const shares = [cold.engine.statistics.accepted, warm.engine.statistics.accepted - before];
  isDone = true;
  await Promise.all([warmPosted, coldPosted]);
  const races = [cold, warm].map(({ engine }) => engine.statistics.lostRaces);
  note(`cold and warm posted ${shares.join(' and ')}, lost races ${races.join(' and ')}`);
  const total = (shares[0] ?? 0) + (shares[1] ?? 0);
  expect(Math.min(...shares)).toBeGreaterThan(total / 10);
  expect(Math.max(...races)).toBeGreaterThan(0);
  expect(await warm.brokenInvariants()).toEqual([]);
});

test('a hot account with money for exactly 300: two engines race for it, 300 transfers pass', async () => {
  const url = await emptyDatabase();
  // Small blocks, so that the two take turns many times.
  const [one, two] = [
    await start(url, { blockRowsMax: 50 }),
    await start(url, { blockRowsMax: 50 }),
  ];
  await openWithMoney(one, 'ana', 300n);
  await openWithMoney(one, 'bia', 0n);
  const words = await atOnce(1_000, (index) =>
    wordFor((index % 2 === 0 ? one : two).engine.submit(transfer('ana', 'bia', 1n))),
  );
  expect(tally(words)).toEqual({ 'transfer.posted': 300, insufficient_funds: 700 });
  expect(one.engine.statistics.accepted).toBeGreaterThan(0);
  expect(two.engine.statistics.accepted).toBeGreaterThan(0);
  expect(await one.brokenInvariants()).toEqual([]);
});

test('the same id at both engines at once: one effect, equal outcomes', async () => {
  const url = await emptyDatabase();
  const [one, two] = [await start(url), await start(url)];
  await openWithMoney(one, 'ana', 1_000n);
  await openWithMoney(one, 'bia', 0n);
  const sent = Array.from({ length: 50 }, () => transfer('ana', 'bia', 1n));
  const outcomes = await Promise.all(
    sent.map((envelope) =>
      Promise.all([one, two, one, two].map(({ engine }) => engine.submit(envelope))),
    ),
  );
  for (const same of outcomes) {
    const seqs = same.map((outcome) => (outcome.kind === 'settled' ? outcome.seq : outcome.kind));
    expect(new Set(seqs).size).toBe(1);
  }
  const rows = await one.database.reads.rows('select 1 from transfer where amount = 1');
  expect(rows).toHaveLength(50);
  expect(await one.brokenInvariants()).toEqual([]);
});
