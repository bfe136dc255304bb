import { randomUUID } from 'node:crypto';
import type { Fact, Transfer } from '@lastro/core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { verifyDatabase } from '../../packages/server/src/ledger/journal/index.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { buildTown, forge, moved, verdictOf, type Town } from './forging.ts';

// Journals whose bytes, hashes and rows are all right, with a block that no decision would have
// given: the verifier must know the rules, not only the sums.

const DAY = 86_400_000;
const later = () => Date.now() + DAY;

let url: string;
let town: Town;

beforeAll(async () => {
  url = await createBankDatabase();
  town = await buildTown(url);
});

afterAll(() => abandonDatabase(url));

type Forgery = readonly [string, (town: Town) => Fact, RegExp];

const captured = (hold: string, ...transfers: readonly Transfer[]): Fact => ({
  type: 'hold.captured',
  hold,
  transfers,
});
const requested = (change: Partial<Extract<Fact, { type: 'lease.requested' }>>): Fact => ({
  type: 'lease.requested',
  account: 'leo',
  id: randomUUID(),
  owner: 'till',
  ttl: 60,
  waitUntil: later(),
  granted: null,
  ...change,
});

/** Ana's account as a change of it would leave it. */
const ANA = {
  status: 'open',
  balance: 9_880n,
  held: 115n,
  creditLimit: 0n,
  maximumBalance: null,
  leasedUntil: null,
  version: 13,
} as const;

const forgeries: readonly Forgery[] = [
  [
    'captures more than was promised',
    ({ hold }) => captured(hold, moved('ana', 'bia', 101n)),
    /not promised/,
  ],
  [
    'captures for somebody else',
    ({ hold }) => captured(hold, moved('ana', 'leo', 100n)),
    /not promised/,
  ],
  [
    'captures a part of a group',
    ({ holdGroup }) => captured(holdGroup, moved('ana', 'bia', 7n), moved('ana', 'leo', 1n)),
    /a group is captured as a whole/,
  ],
  [
    'captures one transfer of a group',
    ({ holdGroup }) => captured(holdGroup, moved('ana', 'bia', 7n)),
    /a group is captured as a whole/,
  ],
  [
    'captures what was released',
    ({ released }) => captured(released, moved('ana', 'bia', 9n)),
    /not pending/,
  ],
  [
    'releases a hold twice',
    ({ released }) => ({ type: 'hold.released', hold: released }),
    /not pending/,
  ],
  [
    'releases a hold that is none',
    () => ({ type: 'hold.released', hold: randomUUID() }),
    /not pending/,
  ],
  [
    'expires a hold before its time',
    ({ hold }) => ({ type: 'hold.expired', hold }),
    /before its time/,
  ],
  [
    'shortens a hold',
    ({ hold }) => ({ type: 'hold.extended', hold, expiresAt: Date.now() + 600_000 }),
    /later than before/,
  ],
  [
    'holds for a year',
    ({ hold }) => ({ type: 'hold.extended', hold, expiresAt: Date.now() + 365 * DAY }),
    /within 90 days/,
  ],
  [
    'holds more than is there',
    () => ({
      type: 'hold.placed',
      id: randomUUID(),
      expiresAt: later(),
      transfers: [moved('ana', 'bia', 1_000_000n)],
    }),
    /within its limits/,
  ],
  [
    'holds under an id that a transaction has',
    ({ groupId }) => ({
      type: 'hold.placed',
      id: groupId,
      expiresAt: later(),
      transfers: [moved('ana', 'bia', 1n)],
    }),
    /is used once/,
  ],
  [
    'holds what a frozen account has',
    () => ({
      type: 'hold.placed',
      id: randomUUID(),
      expiresAt: later(),
      transfers: [moved('cold', 'bia', 1n)],
    }),
    /nothing new leaves cold, which is frozen/,
  ],
  [
    'pays from a frozen account',
    () => ({ type: 'transfer.posted', transfer: moved('cold', 'bia', 1n) }),
    /nothing new leaves cold, which is frozen/,
  ],
  [
    'pays to a closed account',
    () => ({ type: 'transfer.posted', transfer: moved('ana', 'shut', 1n) }),
    /nothing arrives on shut, which is closed/,
  ],
  [
    'closes an account that is not empty',
    () => ({ type: 'account.closed', account: 'ana', reason: null, left: ANA }),
    /only an empty account is closed/,
  ],
  [
    'opens an account again that is not closed',
    () => ({ type: 'account.reopened', account: 'cold', reason: null, left: ANA }),
    /comes after closed/,
  ],
  [
    'freezes the till',
    () => ({ type: 'account.frozen', account: 'cash:BRL', reason: null, left: ANA }),
    /has no status of a client/,
  ],
  [
    'cuts off a balance',
    () => ({ type: 'account.changed', account: 'ana', left: { ...ANA, maximumBalance: 5n } }),
    /within its limits/,
  ],
  [
    'says that a change left an account otherwise',
    () => ({ type: 'account.changed', account: 'ana', left: { ...ANA, balance: 9_881n } }),
    /left ana otherwise/,
  ],
  [
    'grants a lease that is held',
    () => {
      const id = randomUUID();
      return requested({ id, granted: id });
    },
    /out of turn/,
  ],
  [
    'passes a lease on that is held',
    ({ leases }) => ({ type: 'lease.passed', account: 'leo', granted: leases[1] }),
    /out of turn/,
  ],
  [
    'passes over who waits first',
    ({ leases }) => ({ type: 'lease.released', account: 'leo', id: leases[0], granted: leases[2] }),
    /out of turn/,
  ],
  [
    'releases a lease without giving it to who waits',
    ({ leases }) => ({ type: 'lease.released', account: 'leo', id: leases[0], granted: null }),
    /out of turn/,
  ],
  [
    'renews a lease that is waited for',
    ({ leases }) => ({
      type: 'lease.renewed',
      account: 'leo',
      id: leases[1],
      expiresAt: Date.now() + 300_000,
    }),
    /nobody holds/,
  ],
  [
    'leases for a day',
    ({ leases }) => ({ type: 'lease.renewed', account: 'leo', id: leases[0], expiresAt: later() }),
    /1 to 600 s/,
  ],
  ['leases the till', () => requested({ account: 'cash:BRL' }), /can’t be leased/],
  [
    'cancels an order twice',
    ({ cancelled }) => ({
      type: 'order.cancelled',
      order: cancelled,
      id: randomUUID(),
      transfers: [moved('bia', 'ana', 10n), moved('sold:tea', 'stock:tea', 2n, 'sku:tea/0')],
    }),
    /the cancellation of the order .* is used once/,
  ],
  [
    'cancels with goods that were never there',
    ({ order }) => ({
      type: 'order.cancelled',
      order,
      id: randomUUID(),
      transfers: [moved('bia', 'ana', 10n), moved('received:tea', 'stock:tea', 2n, 'sku:tea/0')],
    }),
    /from sold: to stock:/,
  ],
];

test.each(forgeries)('a block that %s is broken', async (_, factOf, rule) => {
  const { differences, block, isJournalSound } = await verdictOf(url, factOf(town));
  expect(isJournalSound).toBe(false);
  expect(differences.first).toMatchObject({ kind: 'broken', table: 'block', block });
  expect(differences.first?.expected).toMatch(rule);
});

test('the journal that they are added to is sound, and so is a block that was decided', async () => {
  const { hold } = town;
  const capture = captured(hold, moved('ana', 'bia', 40n));
  expect((await verdictOf(url, capture)).differences.first).toBeNull();
});

const reversed = (reverses: string, transfer: Transfer): Fact => ({
  type: 'transfer.reversed',
  reverses,
  transfer,
});
const reversedGroup = (
  reverses: string,
  legs: Extract<Fact, { type: 'transaction.reversed' }>['legs'],
): Fact => ({ type: 'transaction.reversed', reverses, id: randomUUID(), legs });

/** What can be judged only beside what was posted, which the fold forgets. */
const corrections: readonly (readonly [string, (town: Town) => readonly Fact[], RegExp])[] = [
  [
    'reverses more than was moved',
    ({ paid }) => [reversed(paid, moved('bia', 'ana', 51n))],
    /at most what it moved/,
  ],
  [
    'reverses it twice',
    ({ paid }) => [
      reversed(paid, moved('bia', 'ana', 50n)),
      reversed(paid, moved('bia', 'ana', 1n)),
    ],
    /at most what it moved/,
  ],
  [
    'gives back to somebody else',
    ({ paid }) => [reversed(paid, moved('bia', 'leo', 50n))],
    /between the two accounts/,
  ],
  [
    'reverses what was never moved',
    () => [reversed(randomUUID(), moved('bia', 'ana', 1n))],
    /between the two accounts/,
  ],
  [
    'reverses one part of a transaction',
    ({ group }) => [reversed(group[0], moved('bia', 'ana', 60n))],
    /with all of it, in full/,
  ],
  [
    'reverses a transaction but for one part',
    ({ group, groupId }) => [
      reversedGroup(groupId, [{ reverses: group[0], transfer: moved('bia', 'ana', 60n) }]),
    ],
    /with all of it, in full/,
  ],
  [
    'reverses a transaction in part',
    ({ group, groupId }) => [
      reversedGroup(groupId, [
        { reverses: group[1], transfer: moved('leo', 'bia', 20n) },
        { reverses: group[0], transfer: moved('bia', 'ana', 59n) },
      ]),
    ],
    /with all of it, in full/,
  ],
  [
    'cancels an order with other amounts',
    ({ order }) => [
      {
        type: 'order.cancelled',
        order,
        id: randomUUID(),
        transfers: [moved('bia', 'ana', 9n), moved('sold:tea', 'stock:tea', 2n, 'sku:tea/0')],
      },
    ],
    /takes back a completed order, whole/,
  ],
  [
    'cancels an order without its goods',
    ({ order }) => [
      {
        type: 'order.cancelled',
        order,
        id: randomUUID(),
        transfers: [moved('bia', 'ana', 10n)],
      },
    ],
    /takes back a completed order, whole/,
  ],
  [
    'cancels an order that is none',
    () => [
      {
        type: 'order.cancelled',
        order: randomUUID(),
        id: randomUUID(),
        transfers: [],
      },
    ],
    /takes back a completed order, whole/,
  ],
];

describe('with every row and sum that comes of it', () => {
  test.each(corrections)('a block that %s is broken', async (_, factsOf, rule) => {
    const own = await createBankDatabase();
    onTestFinished(() => abandonDatabase(own));
    const facts = factsOf(await buildTown(own));
    const { block } = await forge(own, facts);
    const { differences } = await verifyDatabase({ url: own, checkpoints: [], trustedKey: null });
    expect(differences.first).toMatchObject({ kind: 'broken', table: 'block', block: block + 1 });
    expect(differences.first?.expected).toMatch(rule);
  });

  test('a part of an order that is reversed by itself is broken', async () => {
    const own = await createBankDatabase();
    onTestFinished(() => abandonDatabase(own));
    const { order } = await buildTown(own);
    const [money] = await query<{ id: string }>(
      own,
      `select t.id from transfer t join account a on a.number = t.to_account
        where t.transaction = '${order}' and a.id = 'bia'`,
    );
    await forge(own, [reversed(money?.id ?? '', moved('bia', 'ana', 10n))]);
    const { differences } = await verifyDatabase({ url: own, checkpoints: [], trustedKey: null });
    expect(differences.total).toBe(2);
    expect(differences.byTable).toEqual({ block: 2 });
  });
});
