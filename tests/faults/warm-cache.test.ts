import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { openWithMoney, startEngine, transfer, wordFor } from './fixtures/engine-world.ts';

/** More than a process writes behind a locked head before it trusts its cache. */
const WARM_BLOCKS = 12;

test('a warm engine decides on the rows that stand, not on those that it remembers', async () => {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const warm = await startEngine({ url });
  onTestFinished(() => warm.stop());
  const other = await startEngine({ url });
  onTestFinished(() => other.stop());
  await openWithMoney(warm, 'ana', 100n);
  await openWithMoney(warm, 'bia', 0n);
  for (let block = 0; block < WARM_BLOCKS; block += 1) {
    expect(await wordFor(warm.engine.submit(transfer('ana', 'bia', 1n)))).toBe('transfer.posted');
  }
  const left = 100n - BigInt(WARM_BLOCKS);
  // Several blocks, so that no comparison of numbers that are near each other can be right by chance.
  for (const amount of [left - 2n, 1n, 1n]) {
    const word = await wordFor(other.engine.submit(transfer('ana', 'bia', amount)));
    expect(word).toBe('transfer.posted');
  }
  expect(await wordFor(warm.engine.submit(transfer('ana', 'bia', 1n)))).toBe('insufficient_funds');
  expect(warm.engine.statistics.lostRaces).toBe(1);
  expect(await wordFor(warm.engine.submit(transfer('bia', 'ana', 100n)))).toBe('transfer.posted');
  expect(await warm.brokenInvariants()).toEqual([]);
});
