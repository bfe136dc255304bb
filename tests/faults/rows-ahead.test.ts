import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { atOnce } from '../harness/seeding.ts';
import { openWithMoney, startEngine, transfer, wordFor } from './fixtures/engine-world.ts';
import { note } from './fixtures/random.ts';
import { rounds } from './fixtures/rounds.ts';

const ACCOUNTS = 1_500;
const CLIENTS = 96;
const LATE_MS_MAX = 30;
const OTHER_EVERY_MS = 300;

/** Blocks for which others wait, and rows enough for one, of which most must be read for it. */
const FORGETFUL = { blockRowsMax: 200, cacheGenerationSize: 2 * CLIENTS } as const;

test('an engine whose rows seldom stay in memory, and another one that writes now and then: the books are right', async () => {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const asked = { ahead: 0 };
  const onRead = async (name: string | undefined) => {
    if (name !== 'accounts-as-of') return;
    asked.ahead += 1;
    // Some come in time, some when another block stands.
    await sleep(Math.random() * LATE_MS_MAX);
  };
  const busy = await startEngine({ url, limits: FORGETFUL, onRead });
  onTestFinished(() => busy.stop());
  const other = await startEngine({ url });
  onTestFinished(() => other.stop());
  await atOnce(ACCOUNTS, (index) => openWithMoney(busy, `a${index}`, 20n));
  const anyone = () => `a${Math.floor(Math.random() * ACCOUNTS)}`;
  const wanted = rounds(6_000, 60_000);
  let sent = 0;
  const words = new Map<string, number>();
  await atOnce(CLIENTS, async (client) => {
    while (sent < wanted) {
      sent += 1;
      const { engine } = client === 0 ? other : busy;
      if (client === 0) await sleep(OTHER_EVERY_MS);
      const [from, to] = [anyone(), anyone()];
      if (from === to) continue;
      const word = await wordFor(engine.submit(transfer(from, to, 15n)));
      words.set(word, (words.get(word) ?? 0) + 1);
    }
  });
  const races = busy.engine.statistics.lostRaces;
  note(`read ahead ${asked.ahead} times, lost ${races} races: ${JSON.stringify([...words])}`);
  expect([...words.keys()].toSorted()).toEqual(['insufficient_funds', 'transfer.posted']);
  expect(asked.ahead).toBeGreaterThan(0);
  expect(other.engine.head?.block).toBeGreaterThan(0);
  expect(busy.alarms).toEqual([]);
  expect(await busy.brokenInvariants()).toEqual([]);
});
