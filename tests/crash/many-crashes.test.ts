import process from 'node:process';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { note, seededChance } from '../faults/fixtures/random.ts';
import { rounds } from '../faults/fixtures/rounds.ts';
import { loseAnswer, loseBlock, startCrashWorld, terminate, type Provoke } from './crash-world.ts';

/** How often the bank dies: `LASTRO_CRASHES`, else twice, and 1 000 times in the longer run. */
const CRASHES = Number(process.env['LASTRO_CRASHES'] ?? rounds(2, 1_000));

vi.setConfig({ testTimeout: 300_000 + CRASHES * 60_000 });

/** A way to die, and how often at most its point is passed alive. */
interface Death {
  readonly point: CrashPoint;
  readonly times: number;
  readonly provoke?: Provoke;
}

const deaths: readonly Death[] = [
  { point: 'loaded-behind-head', times: 8 },
  { point: 'holds-due', times: 2 },
  { point: 'before-block', times: 60 },
  { point: 'between-statements', times: 300 },
  { point: 'commit-sent', times: 60 },
  { point: 'block-committed', times: 60 },
  { point: 'recovery-head-locked', times: 1, provoke: loseAnswer },
  { point: 'recovery-head-locked', times: 1, provoke: loseBlock },
  { point: 'recovery-block-found', times: 1, provoke: loseAnswer },
  { point: 'recovery-before-rewrite', times: 1, provoke: loseBlock },
  { point: 'draining', times: 1, provoke: terminate },
];

const CHECK_EVERY = 25;

test('death after death at random points: nothing acknowledged is lost, nothing applied twice', async () => {
  const chance = seededChance('many crashes');
  const world = await startCrashWorld(chance);
  onTestFinished(() => world.stop());
  const begin = performance.now();
  for (let done = 1; done <= CRASHES; done += 1) {
    const { point, times, provoke } = chance.pick(deaths);
    await world.crashAt(point, 1 + chance.below(times), provoke);
    if (done % CHECK_EVERY === 0) {
      await world.recover();
      note(`${done} crashes, ${world.flood.settled} settled`);
    }
    expect(world.flood.complaints, `after ${done} crashes, seed ${chance.seed}`).toEqual([]);
  }
  await world.recover();
  await world.expectExact();
  const seconds = (performance.now() - begin) / 1000;
  const { settled, unknown } = world.flood;
  note(`${CRASHES} crashes in ${seconds.toFixed(0)} s, seed ${chance.seed}`);
  note(`${settled} settled, ${unknown} tries without a definite answer; 0 lost, 0 applied twice`);
});
