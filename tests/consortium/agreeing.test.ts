import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { rounds } from '../faults/fixtures/rounds.ts';
import { balanceOf } from '../harness/books.ts';
import { endOf } from '../harness/http-caller.ts';
import { atOnce, openAccount, tally } from '../harness/seeding.ts';
import { startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, quiet, type Money } from './consortium-books.ts';
import { parcel, payment, within, type WrittenRequest } from './cross-requests.ts';
import { grantConsent, settleTown, type Town } from './town.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });

const FOUR = ['alfa', 'beta', 'gama', 'delta'];
const FUNDS = 20_000;

let consortium: Consortium;
let town: Town;
let money: Money;

beforeAll(async () => {
  consortium = await startConsortium({ names: FOUR });
  town = await settleTown(consortium.banks, { accounts: 1, funds: FUNDS });
});

afterAll(() => consortium.stop());

beforeEach(async () => {
  money = await moneyIn(consortium.banks);
});

afterEach(() => checkConsortium(consortium.banks, money));

/** Sends until the answer is definite; how it ended, in a word. */
async function send({ bank, path, body }: WrittenRequest): Promise<string> {
  for (;;) {
    const reply = await consortium.bank(bank).call('POST', path, body);
    if (reply.status !== 202 && reply.status < 500) return endOf(reply);
  }
}

/** A client is answered when its own bank has carried it out; the others do so a moment later. */
async function balanceAt(bank: string, account = 'p-0'): Promise<bigint> {
  await quiet(consortium.banks);
  return balanceOf(consortium.bank(bank), account);
}

async function balances(): Promise<bigint[]> {
  return Promise.all(FOUR.map((bank) => balanceAt(bank)));
}

describe('at once, from all banks', () => {
  test('payments in a cycle leave everybody with what they had', async () => {
    const before = await balances();
    const count = rounds(40, 400);
    const words = await atOnce(count * FOUR.length, (index) => {
      const [from, to] = [FOUR[index % 4], FOUR[(index + 1) % 4]];
      return send(payment({ from: `${from}/p-0`, to: `${to}/p-0`, amount: 7 }));
    });
    expect(tally(words)).toEqual({ '201': count * FOUR.length });
    expect(await balances()).toEqual(before);
  });

  test('packages from three banks to the fourth move all or none', async () => {
    const before = await balances();
    const payers = FOUR.slice(0, 3);
    const count = rounds(10, 100);
    const moves = payers.map((bank) => ({ from: `${bank}/p-0`, to: 'delta/p-0', amount: 11 }));
    const words = await atOnce(count * 3, (index) =>
      send(parcel(town, payers[index % 3] ?? '', moves)),
    );
    expect(tally(words)).toEqual({ '201': count * 3 });
    const paid = BigInt(count * 3 * 11);
    const [alfa = 0n, beta = 0n, gama = 0n, delta = 0n] = before;
    expect(await balances()).toEqual([alfa - paid, beta - paid, gama - paid, delta + 3n * paid]);
  });

  test('one place that cannot pay leaves the others of its package untouched', async () => {
    const before = await balances();
    const moves = [
      { from: 'alfa/p-0', to: 'delta/p-0', amount: 1 },
      { from: 'beta/p-0', to: 'delta/p-0', amount: FUNDS * 10 },
    ];
    expect(await send(parcel(town, 'alfa', moves))).toBe('insufficient_funds');
    expect(await balances()).toEqual(before);
  });
});

/** New people, each with 100, at alfa and beta; each lets the other's bank debit it. */
async function twoInNeed(round: number) {
  const [alfa, beta] = [consortium.bank('alfa'), consortium.bank('beta')];
  const account = `need-${round}`;
  for (const bank of [alfa, beta]) await openAccount(bank, account, 100);
  money = await moneyIn(consortium.banks);
  const consents = new Map([
    ['alfa', await grantConsent(beta, account, 'alfa', 1_000)],
    ['beta', await grantConsent(alfa, account, 'beta', 1_000)],
  ]);
  const lend = { consentFor: (_: string, bank: string) => consents.get(bank) ?? '' };
  const moves = ['alfa', 'beta'].map((bank) => ({
    from: `${bank}/${account}`,
    to: 'gama/p-0',
    amount: 60,
  }));
  return {
    account,
    ask: (bank: string) => send(within(10, parcel({ ...town, ...lend }, bank, moves))),
  };
}

/** Each of the two gives up at a time of its own; that both do at the same is rare. */
const TRIES_MAX = 8;

test('two that need the same funds of both banks: one gets them, none is told a lie', async () => {
  for (let round = 0; round < rounds(1, 40); round += 1) {
    const { account, ask } = await twoInNeed(round);
    let moved = 0;
    // Holds that stood in each other's way for too long are no refusal for good: both try again.
    for (let tries = 0; tries < TRIES_MAX && moved === 0; tries += 1) {
      const words = await Promise.all([ask('alfa'), ask('beta')]);
      moved = words.filter((word) => word === '201').length;
      if (moved === 0) expect(words).not.toContain('insufficient_funds');
    }
    expect(moved).toBe(1);
    expect(await ask('alfa')).toBe('insufficient_funds');
    expect(await balanceAt('alfa', account)).toBe(40n);
    expect(await balanceAt('beta', account)).toBe(40n);
  }
});

test('the same client id at two banks is two transactions, each right', async () => {
  const id = randomUUID();
  const before = await balances();
  const requests = [
    payment({ from: 'alfa/p-0', to: 'gama/p-0', amount: 5 }, id),
    payment({ from: 'beta/p-0', to: 'gama/p-0', amount: 5 }, id),
  ];
  expect(await Promise.all(requests.map(send))).toEqual(['201', '201']);
  // And again: the same id at the same bank is the same transaction.
  expect(await Promise.all(requests.map(send))).toEqual(['201', '201']);
  const [alfa = 0n, beta = 0n, gama = 0n, delta = 0n] = before;
  expect(await balances()).toEqual([alfa - 5n, beta - 5n, gama + 10n, delta]);
});
