import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { testAt } from '../crash/test-at.ts';
import { seededChance, type Chance } from '../faults/fixtures/random.ts';
import { rounds } from '../faults/fixtures/rounds.ts';
import type { BankProcess } from '../harness/bank-process.ts';
import { comeBack, startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, type Money } from './consortium-books.ts';
import { startCrossFlood, type CrossFlood } from './cross-flood.ts';
import { DELIVER, type FateOf } from './fates.ts';
import { settleTown } from './town.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const DEATH_DEADLINE_MS = 60_000;

let chance: Chance;
let consortium: Consortium;
let money: Money;
let flood: CrossFlood;

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
  await flood.end();
  await checkConsortium(consortium.banks, money);
  await flood.expectTold();
  await consortium.stop();
});

/** What the network does from when the bank runs until it is dead, so that it comes to the point. */
type Provoke = (bank: string) => FateOf;

/** Each bank in turn dies there, comes back, and the payments go on. */
function dies(times: number, provoke?: Provoke) {
  return async (point: CrashPoint) => {
    for (let round = 0; round < rounds(1, 10); round += 1) {
      const bank = chance.pick(consortium.banks);
      await deathOf(bank, `${point}:${1 + chance.below(times)}`, provoke);
      expect(bank.log).toContain(`crash point ${point}\n`);
      await comeBack(bank);
      await flood.more(20);
    }
  };
}

async function deathOf(bank: BankProcess, at: string, provoke?: Provoke): Promise<void> {
  if (provoke !== undefined) consortium.network.decideBy(provoke(bank.name));
  // What it takes up again may bring it to the point before it is ready.
  await bank.restart({ LASTRO_CRASH_AT: at }).catch(() => undefined);
  const late = sleep(DEATH_DEADLINE_MS, 'alive', { ref: false });
  const end = await Promise.race([bank.exited, late]);
  consortium.network.heal();
  expect(end, `its log:\n${bank.log}`).toEqual({ code: null, signal: 'SIGKILL' });
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
