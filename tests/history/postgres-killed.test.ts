import { expect, test } from 'vitest';
import { startOwnPostgres } from '../faults/fixtures/own-postgres.ts';
import { seededChance } from '../faults/fixtures/random.ts';
import { startBankProcess } from '../harness/bank-process.ts';
import { eventually } from '../harness/eventually.ts';
import { expectEverything, expectSound } from './expect-sound.ts';
import { runHistory } from './run-history.ts';
import { RUN_TIMEOUT_MS, runNumbers } from './seeds.ts';

const KILLS = 3;
const RECOVERY_TIMEOUT_MS = 30_000;

test.each(runNumbers())(
  'PostgreSQL killed under the server, run %i',
  { timeout: RUN_TIMEOUT_MS },
  async () => {
    const chance = seededChance('PostgreSQL killed');
    const postgres = await startOwnPostgres();
    const bank = await startBankProcess({ databaseUrl: await postgres.createDatabase() });
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
            const { pid } = postgres.server;
            postgres.kill();
            await eventually(
              'PostgreSQL is back and serves',
              async () =>
                postgres.server.pid !== pid &&
                (await bank.call('GET', '/v1/trial-balance')).status === 200,
              RECOVERY_TIMEOUT_MS,
            );
          }
          await progress.more(100);
        },
      });
      const tally = expectSound(history);
      expectEverything(tally);
      const away = history.invocations.filter(({ answer }) => answer?.status === 503);
      expect(away.length, 'requests that found the database away').toBeGreaterThan(0);
      expect(tally.stood, 'unknown outcomes that stood').toBeGreaterThan(0);
      expect(tally.fresh, 'unknown outcomes that were none').toBeGreaterThan(0);
    } finally {
      await bank.stop();
      await postgres.remove();
    }
  },
);
