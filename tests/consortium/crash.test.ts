import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { testAt } from '../crash/test-at.ts';
import { seededChance, type Chance } from '../faults/fixtures/random.ts';
import { rounds } from '../faults/fixtures/rounds.ts';
import type { BankProcess } from '../harness/bank-process.ts';
import { comeBack, startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, type Money } from './consortium-books.ts';
import { startCrossFlood, type CrossFlood } from './cross-flood.ts';
import { dieAt } from './dying.ts';
import { DELIVER, type FateOf } from './fates.ts';
import { settleTown } from './town.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let chance: Chance;
let consortium: Consortium;
let money: Money;
let flood: CrossFlood;
/** Died, and is started again with the next point armed. */
let dead: BankProcess | undefined;

beforeAll(async () => {
  chance = seededChance('crash points of a consortium');
  consortium = await startConsortium();
  const town = await settleTown(consortium.banks);
  money = await moneyIn(consortium.banks);
  flood = startCrossFlood(consortium.banks, town, chance);
});

// One flood goes through all of these deaths: at its end every promise of it must have been kept.
afterAll(async () => {
  consortium.network.heal();
  if (dead !== undefined) await comeBack(dead);
  await flood.more(20);
  await flood.end();
  await checkConsortium(consortium.banks, money);
  await flood.expectTold();
  await consortium.stop();
});

/** What the network does from when the bank runs until it is dead, so that it comes to the point. */
type Provoke = (bank: string) => FateOf;

/**
 * Each time one of the banks dies there. It comes back at once and the payments go on; or it comes back
 * only to die at the next point.
 */
function dies(times: number, provoke?: Provoke) {
  return async (point: CrashPoint) => {
    for (let round = 0; round < rounds(1, 10); round += 1) {
      const bank = dead ?? chance.pick(consortium.banks);
      if (provoke !== undefined) consortium.network.decideBy(provoke(bank.name));
      await dieAt(bank, point, 1 + chance.below(times));
      consortium.network.heal();
      expect(bank.isRunning).toBe(false);
      dead = dead === undefined ? bank : undefined;
      if (dead !== undefined) continue;
      await comeBack(bank);
      await flood.more(20);
    }
  };
}

/** Nothing that the bank asks or is told reaches the one for whom it is. */
const losing =
  (...types: readonly string[]): Provoke =>
  (bank) =>
  ({ from, to, messages }) =>
    (from === bank || to === bank) && messages.some(({ type }) => types.includes(type))
      ? { kind: 'lose' }
      : DELIVER;

testAt('cross-begun', dies(10));
testAt('cross-promised', dies(10));
testAt('cross-votes-in', dies(10));
testAt('cross-decided', dies(10));
testAt('cross-apply-heard', dies(10));
testAt('cross-applied', dies(10));
testAt('cross-acknowledged', dies(10));
// Without a Prepare no yes comes, and without an answer nobody tells: it must end it by itself.
testAt('cross-recovering', dies(1, losing('prepare', 'ask', 'apply')));
