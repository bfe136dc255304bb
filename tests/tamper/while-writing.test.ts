import { expect, onTestFinished, test } from 'vitest';
import { verifyDatabase } from '../../packages/server/src/ledger/journal/index.ts';
import { openWithMoney, startEngine, transfer } from '../faults/fixtures/engine-world.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';

test('a bank that goes on writing verifies clean, each time as of one moment', async () => {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const world = await startEngine({ url });
  onTestFinished(() => world.stop());
  await openWithMoney(world, 'ana', 1_000_000n);
  await openWithMoney(world, 'bia', 0n);
  const over = new AbortController();
  const writing = (async () => {
    while (!over.signal.aborted) {
      const some = Array.from({ length: 20 }, () => transfer('ana', 'bia', 1n));
      await Promise.all(some.map((one) => world.engine.submit(one)));
    }
  })();
  const seqs: number[] = [];
  try {
    for (let round = 0; round < 5; round += 1) {
      const report = await verifyDatabase({ url, checkpoints: [], trustedKey: null });
      expect(report.differences.first).toBeNull();
      seqs.push(report.seq ?? -1);
    }
  } finally {
    over.abort();
    await writing;
  }
  expect(new Set(seqs).size).toBe(seqs.length);
  expect(seqs).toEqual(seqs.toSorted((left, right) => left - right));
});
