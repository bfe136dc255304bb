import { expect, onTestFinished, test } from 'vitest';
import pg from 'pg';
import { connectionConfig, WRITER_LIMITS } from '../../packages/server/src/store/connection.ts';
import { abandonDatabase, createDatabase, query } from '../harness/postgres.ts';
import { openWithMoney, startEngine, transfer, wordFor } from './fixtures/engine-world.ts';

async function startWorld() {
  const url = await createDatabase();
  onTestFinished(() => abandonDatabase(url));
  const world = await startEngine({ url });
  onTestFinished(() => world.stop());
  await openWithMoney(world, 'ana', 1_000n);
  await openWithMoney(world, 'bia', 0n);
  expect(await wordFor(world.engine.submit(transfer('ana', 'bia', 1n)))).toBe('transfer.posted');
  return { ...world, url };
}

/** What stays as it was posted, with a column that an update names. */
const POSTED: readonly (readonly [string, string])[] = [
  ['transfer', 'seq'],
  ['transaction', 'seq'],
  ['outcome', 'id'],
  ['block', 'at'],
  ['orders', 'seq'],
  ['order_line', 'line'],
  ['hold', 'seq'],
  ['hold_leg', 'amount'],
  ['hold_end', 'state'],
  ['reversal', 'amount'],
  ['order_cancellation', 'seq'],
];

const changes = POSTED.flatMap(([table, column]) => [
  `update ${table} set ${column} = ${column}`,
  `delete from ${table}`,
  `truncate ${table}`,
  `alter table ${table} disable trigger all`,
  `drop table ${table}`,
]);

const ways = [
  ...changes,
  'delete from account',
  'truncate account',
  'delete from head',
  'truncate head',
  'truncate hold_open',
  'truncate lease',
  'drop trigger transfer_stays on transfer',
  'drop trigger hold_end_stays on hold_end',
  'set session_replication_role = replica',
  'create or replace function refuse_change() returns trigger language sql as $$ select null $$',
  'drop function refuse_change() cascade',
];

test('a session that serves can not change what was posted, nor take the guard away', async () => {
  const { url, database } = await startWorld();
  const [{ role } = {}] = await database.reads.rows<{ role: string }>(
    'select current_user as role',
  );
  expect(role).toBe('lastro_serving');
  const session = new pg.Client(connectionConfig({ url, role: 'lastro_serving' }, WRITER_LIMITS));
  await session.connect();
  onTestFinished(() => session.end());
  for (const way of ways) {
    // 42501: insufficient privilege (to change it, or because one isn't its owner).
    await expect(session.query(way), way).rejects.toMatchObject({ code: '42501' });
  }
});

test('the owner of the tables is refused by their triggers', async () => {
  const { url } = await startWorld();
  for (const way of changes.filter((one) => /^(?:update|delete|truncate)/.test(one))) {
    await expect(query(url, way), way).rejects.toMatchObject({ code: 'LH002' });
  }
});
