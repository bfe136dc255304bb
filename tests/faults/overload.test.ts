import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { tally } from '../harness/seeding.ts';
import { openWithMoney, startEngine, transfer, wordFor } from './fixtures/engine-world.ts';
import { connectBeside } from './fixtures/own-postgres.ts';
import type { EngineLimits } from '../../packages/server/src/engine/limits.ts';

/** An engine, and a session beside it that holds head: nothing is written until it lets go. */
async function startHeld(limits: Partial<EngineLimits>) {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const world = await startEngine({ url, limits });
  onTestFinished(() => world.stop());
  await openWithMoney(world, 'ana', 1_000n);
  await openWithMoney(world, 'bia', 0n);
  const holder = await connectBeside(url);
  onTestFinished(() => holder.end());
  await holder.query('begin');
  await holder.query('select 1 from head for update');
  const bia = async () => {
    const { rows } = await holder.query<{ balance: string }>(
      `select credits_posted - debits_posted as balance from account where id = 'bia'`,
    );
    return Number(rows[0]?.balance);
  };
  return { ...world, holder, bia };
}

test('beyond the bound of the queue commands are refused at once, without effect', async () => {
  const world = await startHeld({ queueLengthMax: 20, blockRowsMax: 6 });
  const sent = Array.from({ length: 100 }, () => transfer('ana', 'bia', 1n));
  const words = sent.map((one) => wordFor(world.engine.submit(one)));
  const begin = performance.now();
  expect(await words.at(-1)).toBe('overloaded');
  expect(performance.now() - begin).toBeLessThan(500);
  await world.holder.query('commit');
  const counts = tally(await Promise.all(words));
  expect(counts['overloaded']).toBeGreaterThanOrEqual(78);
  expect((counts['overloaded'] ?? 0) + (counts['transfer.posted'] ?? 0)).toBe(100);
  expect(world.engine.statistics.overloaded).toBe(counts['overloaded']);
  expect(await world.bia()).toBe(counts['transfer.posted']);
  expect(await world.brokenInvariants()).toEqual([]);
});

test('a command whose deadline passes in the queue never takes effect; one in flight is unknown', async () => {
  const world = await startHeld({ commandTimeoutMs: 400, blockRowsMax: 6 });
  const sent = Array.from({ length: 50 }, () => transfer('ana', 'bia', 1n));
  const words = await Promise.all(sent.map((one) => wordFor(world.engine.submit(one))));
  const counts = tally(words);
  expect(Object.keys(counts).toSorted()).toEqual(['deadline_exceeded', 'outcome_unknown']);
  const unknown = words.flatMap((word, index) => (word === 'outcome_unknown' ? [index] : []));
  await world.holder.query('commit');
  // What was in flight takes effect now or never; what was in the queue never does.
  const again = await Promise.all(
    unknown.map((index) => wordFor(world.engine.submit(sent[index]!))),
  );
  expect(tally(again)).toEqual({ 'transfer.posted': unknown.length });
  expect(await world.bia()).toBe(unknown.length);
  expect(await world.brokenInvariants()).toEqual([]);
});
