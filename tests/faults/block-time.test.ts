import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { openWithMoney, startEngine, transfer } from './fixtures/engine-world.ts';

test('a clock that is set back does not take block time with it', async () => {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  let behindMs = 0;
  const world = await startEngine({ url, clock: () => Date.now() - behindMs });
  onTestFinished(() => world.stop());
  await openWithMoney(world, 'ana', 100n);
  await openWithMoney(world, 'bia', 0n);
  const timeOfNext = async () => {
    const outcome = await world.engine.submit(transfer('ana', 'bia', 1n));
    return outcome.kind === 'settled' ? outcome.at : Number.NaN;
  };
  const before = await timeOfNext();
  behindMs = 60_000;
  expect(await timeOfNext()).toBe(before);
  behindMs = 0;
  expect(await timeOfNext()).toBeGreaterThanOrEqual(before);
  expect(await world.brokenInvariants()).toEqual([]);
});
