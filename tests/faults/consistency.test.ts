import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkConsistency } from '../../packages/server/src/ledger/consistency.ts';
import { openDatabase, type Database } from '../../packages/server/src/store/database.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { buildTown, type Town } from '../tamper/forging.ts';
import { Tamperer } from '../tamper/tampering.ts';

// What the consistency report says of rows that no decision would have left: each check by the rule
// that it stands for.

let url: string;
let town: Town;
let owner: Tamperer;
let database: Database;

beforeAll(async () => {
  url = await createBankDatabase();
  town = await buildTown(url);
  owner = await Tamperer.connect(url);
  database = await openDatabase({ url, bank: 'test', at: Date.now(), onError: () => undefined });
});

afterAll(async () => {
  await database.close();
  await owner.close();
  await abandonDatabase(url);
});

interface Breach {
  /** Of the check that must turn red. */
  readonly title: RegExp;
  readonly breaks: (town: Town) => string;
  readonly mends: (town: Town) => string;
  /** What the check names. */
  readonly offender: (town: Town) => string;
}

const account = (change: string) => `update account set ${change} where id = 'ana'`;
const seqOf = (hold: string) => `(select seq from hold where id = '${hold}')`;
const ended = (hold: string, state: string) =>
  `insert into hold_end select seq, seq, '${state}', now() - interval '1 day', now()
     from hold where id = '${hold}'`;
const reversal = (reverses: string, transfer: string, amount: number) =>
  `insert into reversal values (1, 0, '${reverses}', '${transfer}', ${amount})`;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

const breaches: readonly (readonly [string, Breach])[] = [
  [
    'a promise that no hold made',
    {
      title: /pending sums are those of its pending holds/,
      breaks: () => account('debits_pending = debits_pending + 1'),
      mends: () => account('debits_pending = debits_pending - 1'),
      offender: () => 'ana',
    },
  ],
  [
    'a hold that is open and has ended',
    {
      title: /Every hold is pending or has ended/,
      breaks: ({ hold }) => ended(hold, 'captured'),
      mends: ({ hold }) => `delete from hold_end where hold_seq = ${seqOf(hold)}`,
      offender: ({ hold }) => hold,
    },
  ],
  [
    'a hold that ended and whose end is gone',
    {
      title: /Every hold is pending or has ended/,
      breaks: ({ released }) => `update hold_end set hold_seq = -1
         where hold_seq = ${seqOf(released)}`,
      mends: ({ released }) => `update hold_end set hold_seq = ${seqOf(released)}
         where hold_seq = -1`,
      offender: ({ released }) => released,
    },
  ],
  [
    'a hold of nothing',
    {
      title: /Every hold is pending or has ended/,
      breaks: ({ released }) => `update hold_leg set hold_seq = -1
         where hold_seq = ${seqOf(released)}`,
      mends: ({ released }) => `update hold_leg set hold_seq = ${seqOf(released)}
         where hold_seq = -1`,
      offender: ({ released }) => released,
    },
  ],
  [
    'a reversal of more than was moved',
    {
      title: /Reversals move back at most what was moved/,
      breaks: ({ paid, group }) => reversal(paid, group[0], 60),
      mends: () => 'delete from reversal',
      offender: ({ paid }) => paid,
    },
  ],
  [
    'a reversal between other accounts',
    {
      title: /Reversals move back at most what was moved/,
      breaks: ({ group }) => reversal(group[0], group[1], 20),
      mends: () => 'delete from reversal',
      offender: ({ group }) => group[0],
    },
  ],
  [
    'a reversal of what never was',
    {
      title: /Reversals move back at most what was moved/,
      breaks: ({ paid }) => reversal(UNKNOWN, paid, 50),
      mends: () => 'delete from reversal',
      offender: () => UNKNOWN,
    },
  ],
  [
    'more than the maximum balance, promised credits counted',
    {
      title: /nothing above its maximum balance/,
      breaks: () => `update account set maximum_balance =
         credits_posted - debits_posted + credits_pending - 1 where id = 'bia'`,
      mends: () => `update account set maximum_balance = null where id = 'bia'`,
      offender: () => 'bia',
    },
  ],
  [
    'a closed account with money',
    {
      title: /A closed account is empty/,
      breaks: () => account(`status = 'closed'`),
      mends: () => account(`status = 'open'`),
      offender: () => 'ana',
    },
  ],
  [
    'a cancelled order whose money and goods stayed',
    {
      title: /A cancelled order went back whole/,
      breaks: ({ order }) => `insert into order_cancellation
         values ('${order}', gen_random_uuid(), -1, now())`,
      mends: () => 'delete from order_cancellation where seq = -1',
      offender: ({ order }) => order,
    },
  ],
  [
    'a cancellation of no order',
    {
      title: /A cancelled order went back whole/,
      breaks: () => `insert into order_cancellation
         values ('${UNKNOWN}', gen_random_uuid(), -1, now())`,
      mends: () => 'delete from order_cancellation where seq = -1',
      offender: () => UNKNOWN,
    },
  ],
  [
    'a cancellation that gave the money back and kept the goods',
    {
      title: /A cancelled order went back whole/,
      breaks: ({ cancelled }) => `update transfer set amount = amount + 1
         where seq = (select seq from order_cancellation where order_id = '${cancelled}')
           and leg = 1`,
      mends: ({ cancelled }) => `update transfer set amount = amount - 1
         where seq = (select seq from order_cancellation where order_id = '${cancelled}')
           and leg = 1`,
      offender: ({ cancelled }) => cancelled,
    },
  ],
  [
    'an expiry that the bank says it recorded, and that is no event',
    {
      title: /Every event but the bank’s own is the outcome of one command/,
      breaks: ({ hold }) => ended(hold, 'expired'),
      mends: ({ hold }) => `delete from hold_end where hold_seq = ${seqOf(hold)}`,
      offender: () => 'outcomes: ',
    },
  ],
];

async function broken(): Promise<readonly (readonly [string, readonly string[]])[]> {
  const { invariants } = await checkConsistency(database.reads);
  return invariants.filter(({ ok }) => !ok).map(({ title, offenders }) => [title, offenders]);
}

test.each(breaches)('%s turns its check red', async (_, { title, breaks, mends, offender }) => {
  expect(await broken()).toEqual([]);
  await owner.change(breaks(town));
  try {
    const found = (await broken()).find(([text]) => title.test(text));
    expect(found?.[1].join()).toContain(offender(town));
  } finally {
    await owner.change(mends(town));
  }
  expect(await broken()).toEqual([]);
});
