import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { testAt } from '../crash/test-at.ts';
import type { BankProcess } from '../harness/bank-process.ts';
import { eventually } from '../harness/eventually.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { comeBack, startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, type Money } from './consortium-books.ts';
import { dieAt } from './dying.ts';
import { settleTown } from './town.ts';

const PATIENCE_MS = 120_000;
vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

const AMOUNT = 7;

let consortium: Consortium;
let alfa: BankProcess;
let beta: BankProcess;
let money: Money;
const databases: string[] = [];
let person: string;

beforeAll(async () => {
  const newDatabase = async () => {
    const url = await createBankDatabase();
    databases.push(url);
    return url;
  };
  consortium = await startConsortium({ names: ['alfa', 'beta'], newDatabase });
  [alfa, beta] = [consortium.bank('alfa'), consortium.bank('beta')];
  const town = await settleTown(consortium.banks, { accounts: 1, consents: false });
  [person = ''] = town.accounts;
  money = await moneyIn(consortium.banks);
});

afterAll(async () => {
  await checkConsortium(consortium.banks, money);
  await consortium.stop();
  await Promise.all(databases.map((url) => abandonDatabase(url)));
});

async function balance(bank: BankProcess): Promise<number> {
  const { body } = await bank.call<{ balance: number }>('GET', `/v1/accounts/${person}`);
  return body.balance;
}

async function statusOf(command: string): Promise<string> {
  const { body } = await alfa.call<{ status: string }>('GET', `/v1/commands/${command}`);
  return body.status;
}

const isMissed = async () => {
  const { body } = await alfa.call<{ data: readonly { state: string }[] }>('GET', '/v1/peers');
  return body.data[0]?.state === 'offline';
};

/** A payment that is to wait for beta; alfa dies with it at the point, before or after beta is back. */
async function expectPaidOnce(point: CrashPoint): Promise<void> {
  const before = await balance(beta);
  await beta.kill();
  const payment = { id: randomUUID(), from: person, to: `beta/${person}`, amount: AMOUNT };
  const queued = { ...payment, onUnavailable: 'queue', within: 600 };
  const dying = dieAt(alfa, point, 1);
  await eventually('alfa misses beta', () => isMissed().catch(() => false), PATIENCE_MS);
  const asking = alfa.call('POST', '/v1/transfers', queued).catch(() => undefined);
  if (point !== 'cross-queued') {
    await eventually('it waits', async () => {
      return (await statusOf(payment.id)) === 'queued';
    });
    await comeBack(beta);
  }
  await Promise.all([dying, asking]);
  // As if it had been dead for a minute: a claim is believed for some time.
  const aged = `update queued_request set claimed_at = claimed_at - interval '1 minute'`;
  for (const url of databases) await query(url, aged);
  await comeBack(alfa);
  if (point === 'cross-queued') await comeBack(beta);
  await eventually(
    'beta has the money',
    async () => (await balance(beta)) === before + AMOUNT,
    PATIENCE_MS,
  );
  const again = await alfa.call('POST', '/v1/transfers', queued);
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
  await eventually('nothing waits any more', async () => {
    return (await statusOf(payment.id)) === 'accepted';
  });
  expect(await balance(beta)).toBe(before + AMOUNT);
}

testAt('cross-queued', expectPaidOnce);
testAt('cross-queued-claimed', expectPaidOnce);
testAt('cross-queued-begun', expectPaidOnce);
