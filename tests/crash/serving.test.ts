import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { seededChance, type Chance } from '../faults/fixtures/random.ts';
import { isLong } from '../faults/fixtures/rounds.ts';
import { eventually } from '../harness/eventually.ts';
import { loseAnswer, loseBlock, startCrashWorld, terminate } from './crash-world.ts';
import type { CrashWorld, Provoke } from './crash-world.ts';
import { testAt } from './test-at.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

let world: CrashWorld;
let chance: Chance;

beforeAll(async () => {
  chance = seededChance('crash points');
  world = await startCrashWorld(chance);
});

// One flood goes through all of these deaths: at its end every promise of it must have been kept.
afterAll(async () => {
  await world.recover();
  await world.expectExact();
  await world.stop();
});

/** What is left has all that was acknowledged. Whoever dies next comes back from it and serves the flood. */
async function expectKept(): Promise<void> {
  if (isLong) await world.recover();
  else await world.expectKept();
  expect(world.flood.complaints).toEqual([]);
}

/** Dies there at a random one of the first `times`. */
function dies(times: number, provoke?: Provoke) {
  return async (point: CrashPoint) => {
    await world.crashAt(point, 1 + chance.below(times), provoke);
    await expectKept();
  };
}

testAt('loaded-behind-head', dies(3));
testAt('before-block', dies(30));
testAt('block-committed', dies(30));
testAt('commit-sent', dies(30));

testAt('between-statements', async (point) => {
  // Past the blocks that a cold process writes behind a locked head, which leave the same trace.
  await world.crashAt(point, 120 + chance.below(60));
  // Somebody updated head and did not commit: the statements did reach PostgreSQL.
  await eventually('head has the trace of a transaction that ended', async () => {
    const { rows } = await world.beside.query("select 1 from head where xmax <> '0'::xid");
    return rows.length === 1;
  });
  await expectKept();
});

testAt('recovery-head-locked', dies(1, loseAnswer));
testAt('recovery-block-found', dies(1, loseAnswer));
testAt('recovery-before-rewrite', dies(1, loseBlock));
testAt('draining', dies(1, terminate));
