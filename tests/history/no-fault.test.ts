import { expect, test } from 'vitest';
import { seededChance } from '../faults/fixtures/random.ts';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { checkHistory, explain } from './check-history.ts';
import { runHistory } from './run-history.ts';

test('one server, no fault', async () => {
  const chance = seededChance('no fault');
  const bank = await startBankInProcess();
  try {
    const history = await runHistory({ chance, servers: [bank], clients: 12, steps: 100 });
    const t = performance.now();
    const judgement = checkHistory(history);
    console.log(
      performance.now() - t,
      judgement.tally,
      history.invocations.length,
      history.blocks.length,
    );
    console.log(explain(history, judgement));
    expect(explain(history, judgement)).toBe('');
  } finally {
    await bank.stop();
  }
});
