import type { CrossBankTransaction, Leg } from '../cross-bank-transaction.ts';
import { NO_FAULTS } from './fault-plan.fixture.ts';
import { Random } from './random.fixture.ts';
import { moneyOf } from './referee.fixture.ts';
import { ASSET, transactionId } from './workload.fixture.ts';
import { World, type CrashPoint } from './world.fixture.ts';

const NAMES = ['alfa', 'beta', 'gama'];
const WITHIN_MS = 120_000;
const STEPS_MAX = 5_000;

/** Two banks pay a third; `refused`: into an account that isn't there. */
export function scenario(payee: 'ana' | 'nobody'): CrossBankTransaction {
  const legs: Leg[] = ['alfa', 'beta'].map((bank) => ({
    from: { bank, account: 'ana' },
    to: { bank: 'gama', account: payee },
    amount: 1n,
    asset: ASSET,
    consent: null,
  }));
  const decideBy = 1_700_000_005_000;
  return { id: transactionId('alfa', 1), legs, decideBy, generation: 'g1' };
}

/**
 * Plays it with one crash at one step of whichever bank takes it, or without; every other thing goes
 * well. Throws at a foul. Answers how many steps there were, and what happened.
 */
export function playWithCrash(
  body: CrossBankTransaction,
  crashAt: { readonly step: number; readonly point: CrashPoint } | undefined,
): { readonly steps: number; readonly seen: ReadonlySet<string> } {
  const world = new World(new Random(7), NAMES, NO_FAULTS);
  world.crashAt = crashAt;
  const money = moneyOf(world.banks);
  world.bank('alfa').begin(body);
  world.agenda.runUntil(world.agenda.now + WITHIN_MS, STEPS_MAX);
  world.referee.judgeQuiet(world.banks);
  if (moneyOf(world.banks) !== money)
    throw new Error('I1: there is more or less money than before');
  return { steps: world.steps, seen: world.referee.seen };
}

/** Two transactions that each need all of what the other one holds: who was told what. */
export function playNeedingEachOther(seed: number): ReadonlySet<string> {
  const world = new World(new Random(seed), NAMES, NO_FAULTS);
  for (const [number, bank] of ['alfa', 'beta'].entries()) {
    const coordinator = world.bank(bank);
    const account = coordinator.ledger.accounts.get('ana');
    if (account !== undefined) account.balance = 1n;
    const decideBy = world.agenda.now + 4_000 * (number + 1);
    coordinator.begin({ ...scenario('ana'), id: transactionId(bank, number + 1), decideBy });
  }
  world.agenda.runUntil(world.agenda.now + WITHIN_MS, STEPS_MAX);
  world.referee.judgeQuiet(world.banks);
  return world.referee.seen;
}
