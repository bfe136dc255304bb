import { expect, test } from 'vitest';
import { playNeedingEachOther, playWithCrash, scenario } from './simulation/scenarios.fixture.ts';
import { SIGHTS } from './simulation/sights.fixture.ts';
import { simulate } from './simulation/simulate.fixture.ts';
import { CRASH_POINTS } from './simulation/world.fixture.ts';

const IS_LONG = process.env['LASTRO_LONG'] === '1';
const FIXED_SEEDS = 6_000;
/** About a thousand seeds a second; the longer run takes some twenty minutes of processor time. */
const FRESH_SEEDS = IS_LONG ? 1_000_000 : 1_500;
const TIMEOUT_MS = IS_LONG ? 4 * 3_600_000 : 180_000;

/** Plays one seed; LASTRO_SEED=<seed> plays it again, alone. */
function playClean(seed: number): ReadonlySet<string> {
  const { foul, seen } = simulate(seed);
  if (foul !== undefined) throw new Error(`LASTRO_SEED=${seed} repeats this:\n${foul}`);
  return seen;
}

test(
  'whatever goes wrong, banks agree and nothing stays held; and it did go wrong',
  () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= FIXED_SEEDS; seed += 1) {
      for (const sight of playClean(seed)) seen.add(sight);
    }
    expect(SIGHTS.filter((sight) => !seen.has(sight))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'the same holds for seeds that nobody has chosen',
  () => {
    const chosen = process.env['LASTRO_SEED'];
    const first = chosen === undefined ? Date.now() % 2 ** 31 : Number(chosen);
    const many = chosen === undefined ? FRESH_SEEDS : 1;
    for (let seed = first; seed < first + many; seed += 1) playClean(seed);
    expect(many).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test('a seed repeats its run', () => {
  for (const seed of [3, 5, 8]) expect(simulate(seed)).toEqual(simulate(seed));
});

test.for([
  ['ana', 'answered committed'],
  ['nobody', 'answered aborted'],
] as const)('one crash, at any step of any bank: paid to %s', ([payee, end]) => {
  const body = scenario(payee);
  const calm = playWithCrash(body, undefined);
  expect(calm.seen).toContain(end);
  for (let step = 1; step <= calm.steps; step += 1) {
    for (const point of CRASH_POINTS) {
      const { seen } = playWithCrash(body, { step, point });
      expect(seen, `step ${step}, ${point}`).toContain('a bank starts again');
    }
  }
});

test('two that need what the other one holds fail softly, and one gets it', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const seen = playNeedingEachOther(seed);
    expect(seen, `seed ${seed}`).toContain('answered committed');
    // Either both were in each other's way, or one was there first and spent the money.
    expect(seen.has('no: funds_held') || seen.has('no: refused'), `seed ${seed}`).toBe(true);
  }
});
