import { expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { adminUrl, abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { atOnce, tally } from '../harness/seeding.ts';
import {
  BLOCK_BYTES,
  COMMIT_BYTES,
  startByteProxy,
  type ByteProxy,
} from './fixtures/byte-proxy.ts';
import {
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';

vi.setConfig({ testTimeout: 60_000 });

interface World extends EngineWorld {
  readonly url: string;
  readonly writing: ByteProxy;
  readonly reading: ByteProxy;
}

/** An engine whose writer and whose readers of recorded outcomes go through a proxy each. */
async function startWorld(limits: { commandTimeoutMs?: number; drainTimeoutMs?: number }) {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const port = Number(new URL(await adminUrl()).port);
  const through = async () => {
    const proxy = await startByteProxy(port);
    onTestFinished(() => proxy.close());
    const target = new URL(url);
    target.port = String(proxy.port);
    return { proxy, url: target.href };
  };
  const [writer, reader] = [await through(), await through()];
  const world = await startEngine({
    url,
    writerUrl: writer.url,
    readerUrl: reader.url,
    limits,
  });
  await openWithMoney(world, 'ana', 1_000n);
  await openWithMoney(world, 'bia', 0n);
  return { ...world, url, writing: writer.proxy, reading: reader.proxy } satisfies World;
}

async function expectMoved(url: string, amount: number): Promise<void> {
  const [row] = await query<{ balance: number }>(
    url,
    `select (credits_posted - debits_posted)::int as balance from account where id = 'bia'`,
  );
  expect(row?.balance).toBe(amount);
}

/** Sessions of this engine's database, besides the one that looks. */
async function sessionsOf(url: string): Promise<number> {
  const rows = await query(
    url,
    `select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  return rows.length;
}

test('a stop while the database hangs: bounded, everyone is answered, nothing is written afterwards', async () => {
  const world = await startWorld({ drainTimeoutMs: 500 });
  const held = world.writing.newest;
  held.holdTrainWith(BLOCK_BYTES);
  const first = wordFor(world.engine.submit(transfer('ana', 'bia', 1n)));
  await eventually('the block was sent', () => held.heldBytes > 0);
  const queued = atOnce(10, () => wordFor(world.engine.submit(transfer('ana', 'bia', 1n))));
  const begin = performance.now();
  await world.stop();
  expect(performance.now() - begin).toBeLessThan(4_000);
  expect(await first).toBe('outcome_unknown');
  expect(tally(await queued)).toEqual({ shutting_down: 10 });
  expect(await wordFor(world.engine.submit(transfer('ana', 'bia', 1n)))).toBe('shutting_down');
  held.cutServer();
  await eventually('every session has ended', async () => (await sessionsOf(world.url)) === 0);
  await expectMoved(world.url, 0);
});

test('a stop while it connects leaves no connection behind', async () => {
  const world = await startWorld({ drainTimeoutMs: 300 });
  world.writing.admit(false);
  world.writing.newest.cutServer();
  const waiting = wordFor(world.engine.submit(transfer('ana', 'bia', 1n)));
  await eventually('the engine misses its database', () => !world.engine.isWriting);
  const stopping = world.stop();
  expect(['outcome_unknown', 'database_unavailable']).toContain(await waiting);
  world.writing.admit(true);
  await stopping;
  await eventually('every session has ended', async () => (await sessionsOf(world.url)) === 0);
  await expectMoved(world.url, 0);
});

test('a repeat whose recorded outcome can not be read now: unknown in time, never "no effect"', async () => {
  const world = await startWorld({ commandTimeoutMs: 1_500 });
  onTestFinished(() => world.stop());
  const sent = transfer('ana', 'bia', 1n);
  expect(await wordFor(world.engine.submit(sent))).toBe('transfer.posted');
  world.reading.admit(false);
  const begin = performance.now();
  expect(await wordFor(world.engine.submit(sent))).toBe('outcome_unknown');
  expect(performance.now() - begin).toBeLessThan(2_500);
  // The next block did not wait for it.
  expect(await wordFor(world.engine.submit(transfer('ana', 'bia', 1n)))).toBe('transfer.posted');
  world.reading.admit(true);
  const word = await eventually('the repeat gets its outcome', async () => {
    const told = await wordFor(world.engine.submit(sent));
    return told === 'outcome_unknown' ? undefined : told;
  });
  expect(word).toBe('transfer.posted');
  await expectMoved(world.url, 2);
});

test('while one block hangs with an unknown fate, what waits behind it is given back soon', async () => {
  const world = await startWorld({});
  onTestFinished(() => world.stop());
  const held = world.writing.newest;
  held.holdFrom(COMMIT_BYTES);
  const first = wordFor(world.engine.submit(transfer('ana', 'bia', 1n)));
  await eventually('the COMMIT was sent', () => held.heldBytes > 0);
  world.writing.admit(false);
  const queued = atOnce(20, () => wordFor(world.engine.submit(transfer('ana', 'bia', 1n))));
  held.cutClient();
  const begin = performance.now();
  expect(tally(await queued)).toEqual({ database_unavailable: 20 });
  expect(performance.now() - begin).toBeLessThan(8_000);
  held.release();
  world.writing.admit(true);
  expect(await first).toBe('transfer.posted');
  await expectMoved(world.url, 1);
});
