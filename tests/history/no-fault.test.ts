import { expect, test } from 'vitest';
import { seededChance } from '../faults/fixtures/random.ts';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { expectEverything, expectSound } from './expect-sound.ts';
import { runHistory } from './run-history.ts';
import { RUN_TIMEOUT_MS, runNumbers } from './seeds.ts';

test.each(runNumbers())('one server, no fault, run %i', { timeout: RUN_TIMEOUT_MS }, async () => {
  const chance = seededChance('no fault');
  const bank = await startBankInProcess();
  try {
    const history = await runHistory({ chance, servers: [bank], clients: 12, steps: [80, 80] });
    const tally = expectSound(history);
    expectEverything(tally);
    expect(tally.replays).toBeGreaterThan(0);
    expect(tally.stood).toBeGreaterThan(0);
    expect(tally.reads).toBeGreaterThan(100);
    expect(history.invocations.filter(({ answer }) => (answer?.status ?? 0) >= 500)).toEqual([]);
  } finally {
    await bank.stop();
  }
});
