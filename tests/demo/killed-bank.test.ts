import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { LastroError, type LastroClient } from '@lastro/client';
import { expect, test, vi } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import {
  bankIds,
  bankPid,
  clientOf,
  expectMirrored,
  expectNothingRuns,
  moneyIn,
  newPlace,
  patienceMs,
  readyDemo,
  untilSaid,
  type BankId,
  type Place,
} from './demo-process.ts';

vi.setConfig({ testTimeout: 300_000 });

const paymentsAtOnce = 8;
const amount = 100;

/** Pays on and on until told to end, each payment under one id until it is decided. */
class Payments {
  /** Of decided payments: how many were made, and how many refused. */
  made = 0;
  refused = 0;
  #isEnding = false;
  readonly #working: Promise<unknown>;

  constructor(client: LastroClient, from: BankId, to: BankId) {
    const work = async () => {
      while (!this.#isEnding) await this.#pay(client, from, to);
    };
    this.#working = Promise.all(Array.from({ length: paymentsAtOnce }, work));
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#working;
  }

  async #pay(client: LastroClient, from: BankId, to: BankId): Promise<void> {
    const payment = { id: randomUUID(), from: 'cliente:1', to: `${to}/cliente:1`, amount };
    const outcome = await eventually(
      `a payment from ${from} to ${to} is decided`,
      () => outcomeOf(client, payment),
      patienceMs,
    );
    if (outcome === 'made') this.made += 1;
    else this.refused += 1;
  }
}

async function outcomeOf(
  client: LastroClient,
  payment: Parameters<LastroClient['across']['transfer']>[0],
): Promise<'made' | 'refused' | undefined> {
  try {
    const { status } = await client.across.transfer(payment, { deadlineMs: 5_000 });
    return status === 'posted' ? 'made' : undefined;
  } catch (error) {
    if (error instanceof LastroError && error.kind === 'refused') return 'refused';
    return undefined;
  }
}

async function total(place: Place): Promise<number> {
  const clients = await Promise.all(bankIds.map((id) => clientOf(place, id)));
  const money = await Promise.all(clients.map(moneyIn));
  return money.reduce((sum, each) => sum + each, 0);
}

test('a bank killed while payments flow comes back and catches up: nothing debited without being credited', async () => {
  const place = await newPlace();
  const demo = await readyDemo(place);
  const [alfa, beta] = [await clientOf(place), await clientOf(place, 'beta')];
  const [before, betaBefore] = [await total(place), await moneyIn(beta)];
  const [paying, paid] = [new Payments(alfa, 'alfa', 'beta'), new Payments(beta, 'beta', 'gama')];
  for (const victim of ['beta', 'alfa'] as const) {
    const made = paying.made + paid.made;
    await eventually('payments flow', () => paying.made + paid.made > made + 20, patienceMs);
    process.kill(await bankPid(place, victim), 'SIGKILL');
    await untilSaid(demo, `bank ${victim} is back`);
    expect(demo.out()).toContain(`bank ${victim} ended unexpectedly (signal SIGKILL)`);
  }
  const made = paying.made;
  await eventually('payments flow again', () => paying.made > made + 20, patienceMs);
  await Promise.all([paying.end(), paid.end()]);

  await expectMirrored(place);
  expect(await total(place)).toBe(before);
  expect(await moneyIn(beta)).toBe(betaBefore + amount * (paying.made - paid.made));
  for (const id of bankIds) {
    expect(await (await clientOf(place, id)).consistency()).toMatchObject({ ok: true });
  }
  expect(demo.err()).toBe('');

  // A killed parent leaves no process behind.
  demo.child.kill('SIGKILL');
  await expectNothingRuns(place.data);
});
