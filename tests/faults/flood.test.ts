import type pg from 'pg';
import { beforeAll, expect, test, vi } from 'vitest';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { startFlood, type Flood } from './fixtures/flood.ts';
import { connectBeside } from './fixtures/own-postgres.ts';
import { seededChance } from './fixtures/random.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// A flood that never complains proves nothing. What a real bank made of one passes; each lie about it
// must not.

let flood: Flood;
let beside: pg.Client;

beforeAll(async () => {
  const bank = await startBankInProcess();
  flood = await startFlood([bank], seededChance('flood'), { isDeep: true });
  await flood.more(300);
  const wanted = ['order', 'cancel', 'hold', 'capture', 'release'];
  await eventually(
    'each of them was accepted',
    () => wanted.every((kind) => flood.accepted[kind] !== undefined),
    60_000,
  );
  await flood.end();
  beside = await connectBeside(bank.databaseUrl);
  return async () => {
    await beside.end();
    await bank.stop();
  };
});

test('what it was told is what is there', async () => {
  await expect(flood.expectExact(beside)).resolves.toBeUndefined();
  await expect(flood.expectKept(beside)).resolves.toBeUndefined();
});

const newest = (what: string, from: string) => `= (select ${what} from ${from} limit 1)`;
const moved = `transfer t join account f on f.number = t.from_account
  join account o on o.number = t.to_account
  where f.id like 'flood-%' and o.id like 'flood-%' order by t.seq desc`;

test.each([
  ['a transfer is gone', `delete from transfer where id ${newest('t.id', moved)}`],
  [
    'a transfer is of more',
    `update transfer set amount = amount + 1 where id ${newest('t.id', moved)}`,
  ],
  [
    'a transfer has another place',
    `update transfer set seq = seq + 1 where id ${newest('t.id', moved)}`,
  ],
  [
    'a capture is gone',
    `delete from hold_end where hold_seq ${newest('hold_seq', "hold_end where state = 'captured'")}`,
  ],
  [
    'a release is a capture',
    `update hold_end set state = 'captured' where hold_seq ${newest('hold_seq', "hold_end where state = 'released'")}`,
  ],
  ['a hold is gone', `delete from hold where seq ${newest('seq', 'hold')}`],
  [
    'a cancellation is gone',
    `delete from order_cancellation where id ${newest('id', 'order_cancellation')}`,
  ],
  [
    'an order is of more',
    `update orders set total = total + 1 where id ${newest('id', "orders where status = 'completed'")}`,
  ],
  [
    'an outcome is gone',
    `delete from outcome where id ${newest('o.id', 'outcome o join hold h on h.id::text = o.id')}`,
  ],
  [
    'a refusal has another reason',
    `update outcome set code = 'hold_ended' where id ${newest('id', "outcome where code = 'insufficient_funds'")}`,
  ],
])('%s: found, while others go on and at the end', async (_, statement) => {
  await beside.query('begin');
  try {
    await beside.query('set local session_replication_role = replica');
    const { rowCount } = await beside.query(statement);
    expect(rowCount).toBe(1);
    await expect(flood.expectKept(beside)).rejects.toThrow();
    await expect(flood.expectExact(beside)).rejects.toThrow();
  } finally {
    await beside.query('rollback');
  }
});

test.each([
  [
    'an order that nobody placed',
    `update orders set id = gen_random_uuid() where id ${newest('id', 'orders')}`,
  ],
  ['a balance', `update account set credits_posted = credits_posted + 1 where id = 'flood-3'`],
  ['a stock', `update account set credits_posted = credits_posted + 1 where id = 'stock:cafe'`],
])('%s is found at the end', async (_, statement) => {
  await beside.query('begin');
  try {
    await beside.query('set local session_replication_role = replica');
    const { rowCount } = await beside.query(statement);
    expect(rowCount).toBe(1);
    await expect(flood.expectExact(beside)).rejects.toThrow();
  } finally {
    await beside.query('rollback');
  }
});
