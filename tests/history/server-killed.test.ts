import { expect, test } from 'vitest';
import { seededChance } from '../faults/fixtures/random.ts';
import { startBankProcess } from '../harness/bank-process.ts';
import { expectEverything, expectSound } from './expect-sound.ts';
import { runHistory } from './run-history.ts';
import { RUN_TIMEOUT_MS, runNumbers } from './seeds.ts';

const KILLS = 3;

test.each(runNumbers())(
  'one server, killed again and again, run %i',
  { timeout: RUN_TIMEOUT_MS },
  async () => {
    const chance = seededChance('server killed');
    const bank = await startBankProcess();
    try {
      const history = await runHistory({
        chance,
        servers: [bank],
        clients: 16,
        steps: [50, 600],
        async faults(progress) {
          for (let kills = 0; kills < KILLS; kills += 1) {
            await progress.more(60 + chance.below(120));
            await progress.busy(8);
            await bank.kill();
            await bank.restart();
          }
          await progress.more(50);
        },
      });
      const tally = expectSound(history);
      expectEverything(tally);
      expect(tally.stood, 'unknown outcomes that stood').toBeGreaterThan(0);
      expect(tally.fresh, 'unknown outcomes that were none').toBeGreaterThan(0);
    } finally {
      await bank.stop();
    }
  },
);
