import process from 'node:process';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { note, seededChance, type Chance } from '../faults/fixtures/random.ts';
import { rounds } from '../faults/fixtures/rounds.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { startDepthFlood, type DepthFlood } from './depth-flood.ts';
import { testAt } from './test-at.ts';

/** How often the engine dies at random: `LASTRO_CRASHES`, else twice, and 300 in the longer run. */
const CRASHES = Number(process.env['LASTRO_CRASHES'] ?? rounds(2, 300));

vi.setConfig({ testTimeout: 300_000 + CRASHES * 60_000, hookTimeout: 300_000 });

// One flood of holds, corrections, orders, statuses and leases goes through all of these deaths. At
// its end every promise of it was kept: no answer lost, nothing done twice, no hold forgotten.

let url: string;
let flood: DepthFlood;
let chance: Chance;

beforeAll(async () => {
  url = await createBankDatabase();
  chance = seededChance('depth');
  flood = await startDepthFlood(url, chance);
});

afterAll(() => abandonDatabase(url));

const points: readonly (readonly [CrashPoint, number])[] = [
  ['loaded-behind-head', 3],
  ['holds-due', 4],
  ['before-block', 30],
  ['between-statements', 100],
  ['commit-sent', 30],
  ['block-committed', 30],
  ['draining', 1],
];

testAt('holds-due', (point) => flood.dieAt(point, 1 + chance.below(3)));
testAt('sweep-committed', (point) => flood.dieAt(point, 1, true));

test.each(points)(
  'killed at %s with holds, corrections and leases on their way',
  async (point, times) => {
    const before = flood.settled;
    await flood.dieAt(point, 1 + chance.below(times));
    expect(flood.settled).toBeGreaterThanOrEqual(before);
  },
);

test('death after death at random points', async () => {
  const before = flood.settled;
  // A few deaths at the first step of a block leave nothing settled.
  for (let done = 0; done < CRASHES || flood.settled === before; done += 1) {
    const [point, times] = chance.pick(points);
    await flood.dieAt(point, 1 + chance.below(times));
  }
  expect(flood.settled).toBeGreaterThan(before);
});

test('at the end every answer holds, every hold ended or waits for its time, the books are right', async () => {
  await flood.expectExact();
  expect(flood.settled).toBeGreaterThan(100);
  note(`${flood.settled} settled; 0 lost, 0 done twice`);
});
