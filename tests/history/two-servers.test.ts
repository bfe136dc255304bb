import { expect, test } from 'vitest';
import { seededChance } from '../faults/fixtures/random.ts';
import { startBankProcess } from '../harness/bank-process.ts';
import { expectEverything, expectSound } from './expect-sound.ts';
import { runHistory } from './run-history.ts';
import { RUN_TIMEOUT_MS, runNumbers } from './seeds.ts';

const KILLS = 3;

test.each(runNumbers())(
  'two servers on one database, either killed, run %i',
  { timeout: RUN_TIMEOUT_MS },
  async () => {
    const chance = seededChance('two servers');
    const first = await startBankProcess();
    const { databaseUrl, adminKey } = first;
    const servers = [first, await startBankProcess({ databaseUrl, adminKey })];
    try {
      const history = await runHistory({
        chance,
        servers,
        clients: 16,
        steps: [50, 1_000],
        async faults(progress) {
          for (let kills = 0; kills < KILLS; kills += 1) {
            const victim = chance.pick(servers);
            await progress.more(60 + chance.below(120));
            await progress.busy(8);
            await victim.kill();
            // The other one goes on alone for a while.
            await progress.more(30 + chance.below(60));
            await victim.restart();
          }
          await progress.more(50);
        },
      });
      const tally = expectSound(history);
      expectEverything(tally);
      expect(tally.stood, 'unknown outcomes that stood').toBeGreaterThan(0);
      expect(tally.fresh, 'unknown outcomes that were none').toBeGreaterThan(0);
    } finally {
      await servers[1]?.stop();
      await first.stop();
    }
  },
);
