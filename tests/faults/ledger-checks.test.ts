import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, dropDatabase, query } from '../harness/postgres.ts';
import { openWithMoney, startEngine } from './fixtures/engine-world.ts';

let url: string;

beforeAll(async () => {
  url = await createDatabase();
  const world = await startEngine({ url });
  await openWithMoney(world, 'ana', 100n);
  await openWithMoney(world, 'bia', 0n);
  await world.stop();
});

afterAll(() => dropDatabase(url));

const credit = (sum: string) => `update account set credits_posted = ${sum} where id = 'ana'`;
const debit = (sum: string) => `update account set debits_posted = ${sum} where id = 'ana'`;

/** A transfer like one that stands, with another amount or another end. */
const transferOf = (amount: string, to: string) =>
  `insert into transfer select gen_random_uuid(), seq, leg, from_account, ${to}, ${amount},
          from_balance, to_balance, transaction, at, metadata from transfer`;

/** What a fault of `core` would write, and the CHECK that must stand behind it. */
const refused: readonly [string, string, string][] = [
  ['more leaves than was there', debit('101'), 'account_available'],
  [
    'a promise of what is not there',
    `update account set debits_pending = 101 where id = 'ana'`,
    'account_available',
  ],
  ['a sum below zero', debit('-1'), 'account_sums'],
  ['a status that is none', `update account set status = 'lost' where id = 'ana'`, 'account_sums'],
  ['a balance past what JSON can carry', credit('9007199254740992'), 'account_balance_max'],
  ['a transfer of nothing', transferOf('0', 'to_account'), 'transfer_amount_check'],
  [
    'a transfer from an account to itself',
    transferOf('amount', 'from_account'),
    'transfer_between_two',
  ],
  [
    'two heads',
    'insert into head select false, block, seq, hash, at, accounts, bank from head',
    'head_singleton_check',
  ],
];

test.each(refused)('%s is refused by the database itself', async (_, statement, constraint) => {
  await expect(query(url, statement)).rejects.toMatchObject({
    code: '23514',
    constraint,
  });
});

test('the last unit may leave', async () => {
  await query(url, debit('100'));
  expect(await query(url, `select debits_posted from account where id = 'ana'`)).toEqual([
    { debits_posted: '100' },
  ]);
});
