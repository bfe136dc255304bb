import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startByteProxy } from '../../../../../../tests/faults/fixtures/byte-proxy.ts';
import {
  connectBeside,
  startOwnPostgres,
  type OwnPostgres,
} from '../../../../../../tests/faults/fixtures/own-postgres.ts';
import { createDatabase, query } from '../../../../../../tests/harness/postgres.ts';
import { open, resultOf, textOf } from '../conformance.fixture.ts';
import {
  expectEndsUnavailable,
  expectLostAnswersAreSettled,
  loseAnswersAfter,
  startContest,
} from '../faults.fixture.ts';

let postgres: OwnPostgres;

beforeAll(async () => {
  postgres = await startOwnPostgres();
});

afterAll(() => postgres.remove());

it('settles by repeating what was under way when PostgreSQL was killed', async () => {
  const address = await postgres.createDatabase();
  const quick = { attemptTimeoutMs: 2_000 };
  const contest = startContest(() => open(address, null, quick));
  let decisions = 10;
  for (let kills = 0; kills < 3; kills += 1) {
    await contest.reached(decisions);
    postgres.kill();
    decisions += 30;
  }
  await contest.reached(decisions);
  const outcome = await contest.stop();
  expect(outcome.unavailable).toBe(0);
  await contest.expectOneDecisionEach(open(address, null, quick));
});

it('says unavailable by the deadline while PostgreSQL is away, and afterwards what stands', async () => {
  const own = await startOwnPostgres();
  onTestFinished(() => own.remove());
  const address = await own.createDatabase();
  const register = open(address);
  const created = await resultOf(register.create('key/ana', 'alfa'));
  if (created.kind === 'below_floor') throw new Error('no floor here');
  await own.server.stop();
  await expectEndsUnavailable(register, created.entry);
  await expectEndsUnavailable(open(address), created.entry);
});

it('says unavailable by the deadline while PostgreSQL stands still', async () => {
  const address = await postgres.createDatabase();
  const register = open(address);
  const created = await resultOf(register.create('key/ana', 'alfa'));
  if (created.kind === 'below_floor') throw new Error('no floor here');
  const proxy = await startByteProxy(Number(new URL(address).port));
  onTestFinished(() => proxy.close());
  const silent = new URL(address);
  silent.port = String(proxy.port);
  proxy.admit(false);
  await expectEndsUnavailable(open(silent.href), created.entry);
  const after = await resultOf(register.create('key/ana', 'beta'));
  expect(after).toMatchObject({ kind: 'stands', entry: { value: Buffer.from('alfa') } });
});

it('settles a change whose answer was lost', async () => {
  const beside = await createDatabase();
  const proxy = await startByteProxy(Number(new URL(beside).port));
  onTestFinished(() => proxy.close());
  const through = new URL(beside);
  through.port = String(proxy.port);
  await expectLostAnswersAreSettled({
    through: through.href,
    beside,
    loseNextAnswer: () => loseAnswersAfter(proxy, Buffer.from('select * from lastro_register.')),
    admit: (yes) => proxy.admit(yes),
  });
});

it('waits for whoever holds the register, and no longer than its deadline', async () => {
  const address = await createDatabase();
  const register = open(address);
  const created = await resultOf(register.create('key/ana', 'alfa'));
  if (created.kind === 'below_floor') throw new Error('no floor here');
  const holder = await connectBeside(address);
  onTestFinished(() => holder.end());
  await holder.query('begin');
  await holder.query('select * from lastro_register.register for update');
  const refused = await register.create('key/bia', 'alfa', { timeoutMs: 1_000 });
  expect(refused.kind).toBe('register_unavailable');
  await holder.query('rollback');
  const settled = await resultOf(register.create('key/bia', 'alfa'));
  expect(textOf(settled)).toBe('alfa');
});

it('refuses a PostgreSQL that acknowledges before it is on disk', async () => {
  const address = await createDatabase();
  const name = new URL(address).pathname.slice(1);
  await query(address, `alter database ${name} set synchronous_commit = off`);
  const register = open(address);
  expect(await register.create('key/ana', 'alfa')).toMatchObject({
    kind: 'register_unavailable',
    effect: 'none',
    reason: expect.stringContaining('synchronous_commit is off'),
  });
});

it('refuses the schema of a newer version', async () => {
  const address = await createDatabase();
  await resultOf(open(address).position());
  await query(
    address,
    `insert into lastro_register.migration (name, checksum) values ('9999-later.sql', 'x')`,
  );
  expect(await open(address).position()).toMatchObject({
    kind: 'register_unavailable',
    reason: expect.stringContaining('9999-later.sql'),
  });
});
