import { afterAll, beforeAll, expect, test } from 'vitest';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { openWithMoney, startEngine } from './fixtures/engine-world.ts';

let url: string;

beforeAll(async () => {
  url = await createBankDatabase();
  const world = await startEngine({ url });
  await openWithMoney(world, 'ana', 100n);
  await openWithMoney(world, 'bia', 0n);
  await world.stop();
});

afterAll(() => abandonDatabase(url));

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
    'more than the maximum balance, promises counted',
    `update account set maximum_balance = 99, credits_pending = 0 where id = 'ana'`,
    'account_maximum_balance',
  ],
  [
    'a promise of more than the maximum balance',
    `update account set maximum_balance = 100, credits_pending = 1 where id = 'ana'`,
    'account_maximum_balance',
  ],
  [
    'a token of a lease without an end',
    `update account set lease_token = 7 where id = 'ana'`,
    'account_lease',
  ],
  [
    'an expiry before its time',
    `insert into hold_end values (1, 2, 'expired', now() + interval '1 hour', now())`,
    'hold_end_expired',
  ],
  [
    'an end that is none',
    `insert into hold_end values (1, 2, 'pending', now(), now())`,
    'hold_end_state_check',
  ],
  [
    'a hold of nothing',
    'insert into hold_leg values (1, 0, 1, 2, 0, null)',
    'hold_leg_amount_check',
  ],
  [
    'a hold from an account to itself',
    'insert into hold_leg values (1, 0, 1, 1, 5, null)',
    'hold_between_two',
  ],
  [
    'a reversal of nothing',
    'insert into reversal values (1, 0, gen_random_uuid(), gen_random_uuid(), 0)',
    'reversal_amount_check',
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

const lease = (token: string) =>
  `insert into lease values (gen_random_uuid(), 1, 'till', 30, (random() * 1e9)::bigint, now(),
          ${token}, ${token === 'null' ? 'null' : 'now()'})`;

/** A row, and one more that only a fault of `core` would write beside it. */
const once: readonly [string, string, string, string][] = [
  [
    'a hold that ends twice',
    `insert into hold_end values (5, 6, 'captured', now(), now())`,
    `insert into hold_end values (5, 7, 'released', now(), now())`,
    'hold_end_pkey',
  ],
  ['a lease with two holders', lease('8'), lease('9'), 'lease_one_holder'],
  [
    'an order that is cancelled twice',
    `insert into order_cancellation values (md5('')::uuid, gen_random_uuid(), 8, now())`,
    `insert into order_cancellation values (md5('')::uuid, gen_random_uuid(), 9, now())`,
    'order_cancellation_pkey',
  ],
  [
    'a transfer that reverses two',
    `insert into reversal values (8, 0, gen_random_uuid(), md5('')::uuid, 1)`,
    `insert into reversal values (9, 0, gen_random_uuid(), md5('')::uuid, 1)`,
    'reversal_transfer_key',
  ],
];

test.each(once)('%s is refused by the database itself', async (_, first, second, constraint) => {
  await query(url, first);
  await expect(query(url, second)).rejects.toMatchObject({ code: '23505', constraint });
});

test('any number may wait for a lease', async () => {
  await query(url, lease('null'));
  await query(url, lease('null'));
  expect(await query(url, 'select 1 from lease where token is null')).toHaveLength(2);
});

test('the last unit may leave', async () => {
  await query(url, debit('100'));
  expect(await query(url, `select debits_posted from account where id = 'ana'`)).toEqual([
    { debits_posted: '100' },
  ]);
});
