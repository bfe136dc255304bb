import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EngineLimits } from '../../packages/server/src/engine/limits.ts';
import { eventually } from '../harness/eventually.ts';
import {
  COMMIT_BYTES,
  BEGIN_BYTES,
  BLOCK_BYTES,
  startByteProxy,
  type ByteProxy,
} from './fixtures/byte-proxy.ts';
import {
  opening,
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';
import { connectBeside, startOwnPostgres, type OwnPostgres } from './fixtures/own-postgres.ts';
import { note, seededChance, type Chance } from './fixtures/random.ts';
import { isLong, rounds } from './fixtures/rounds.ts';

vi.setConfig({ testTimeout: isLong ? 3_600_000 : 120_000 });

let postgres: OwnPostgres;

beforeAll(async () => {
  postgres = await startOwnPostgres();
});

afterAll(async () => {
  await postgres.remove();
});

interface World extends EngineWorld {
  readonly proxy: ByteProxy;
  /** Beside the bank, straight to PostgreSQL. */
  readonly beside: pg.Client;
  headBlock(): Promise<number>;
}

const FUNDS = 1_000_000n;
const WARM_BLOCKS = 12;

/** An engine whose writer goes through a proxy; two accounts, `ana` with money and `bia` without. */
async function startWorld(limits: Partial<EngineLimits> = {}): Promise<World> {
  const url = await postgres.createDatabase();
  const proxy = await startByteProxy(postgres.server.port);
  onTestFinished(() => proxy.close());
  const through = new URL(url);
  through.port = String(proxy.port);
  const world = await startEngine({ url, writerUrl: through.href, limits });
  onTestFinished(() => world.stop());
  const beside = await connectBeside(url);
  onTestFinished(() => beside.end());
  await openWithMoney(world, 'ana', FUNDS);
  await openWithMoney(world, 'bia', 0n);
  // Until it trusts its cache, and a block is one packet train.
  for (let block = 0; block < WARM_BLOCKS; block += 1) {
    await openWithMoney(world, `warm-${block}`, 0n);
  }
  const headBlock = async () => {
    const { rows } = await beside.query<{ block: string }>('select block from head');
    return Number(rows[0]?.block);
  };
  return { ...world, proxy, beside, headBlock };
}

/** Submits `count` transfers of 1 centavo from ana to bia at once. */
function submitTransfers({ engine }: World, count: number) {
  const envelopes = Array.from({ length: count }, () => transfer('ana', 'bia', 1n));
  const words = envelopes.map((sent) => wordFor(engine.submit(sent)));
  return { envelopes, words: Promise.all(words) };
}

async function expectAppliedOnce(world: World, count: number): Promise<void> {
  const { rows } = await world.beside.query<{ transfers: string; bia: string; ana: string }>(
    `select (select count(*) from transfer where amount = 1) as transfers,
            (select credits_posted - debits_posted from account where id = 'bia') as bia,
            (select credits_posted - debits_posted from account where id = 'ana') as ana`,
  );
  expect(rows[0]).toEqual({
    transfers: String(count),
    bia: String(count),
    ana: String(FUNDS - BigInt(count)),
  });
  expect(await world.brokenInvariants()).toEqual([]);
}

/** Waits until some session waits for the head row, which another one holds. */
async function someoneWaitsForHead({ beside }: World): Promise<void> {
  await eventually('a session waits for a lock', async () => {
    const { rows } = await beside.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
}

const posted = (count: number) => Array.from({ length: count }, () => 'transfer.posted');

describe('bytes held back, the connection cut, the bytes released late', () => {
  test('before the next try: the block stands, and the next try finds it', async () => {
    const world = await startWorld();
    const before = await world.headBlock();
    const old = world.proxy.newest;
    old.holdTrainWith(BLOCK_BYTES);
    const { words } = submitTransfers(world, 50);
    await eventually('the block was sent', () => old.heldBytes > 0);
    world.proxy.admit(false);
    old.cutClient();
    old.release();
    await eventually('the old backend commits', async () => (await world.headBlock()) > before);
    world.proxy.admit(true);
    expect(await words).toEqual(posted(50));
    expect(world.engine.statistics).toMatchObject({ resolved: 1 });
    expect(world.engine.statistics.unknown).toBeGreaterThan(0);
    await expectAppliedOnce(world, 50);
  });

  test('during the next try, which holds head: the old backend waits, and then it raises', async () => {
    const world = await startWorld();
    const old = world.proxy.newest;
    old.holdTrainWith(BLOCK_BYTES);
    const { words } = submitTransfers(world, 50);
    await eventually('the block was sent', () => old.heldBytes > 0);
    world.proxy.admit(false);
    old.cutClient();
    const count = world.proxy.passages.length;
    world.proxy.admit(true);
    const next = await eventually('the next try connects', () => world.proxy.passages[count]);
    next.holdFrom(COMMIT_BYTES);
    await eventually('the next try waits with its COMMIT', () => next.heldBytes > 0);
    old.release();
    await someoneWaitsForHead(world);
    next.release();
    expect(await words).toEqual(posted(50));
    expect(world.engine.statistics).toMatchObject({ unknown: 1, resolved: 0 });
    await expectAppliedOnce(world, 50);
  });

  test('after the next try was committed: the old backend raises', async () => {
    const world = await startWorld();
    const old = world.proxy.newest;
    old.holdTrainWith(BLOCK_BYTES);
    const { words } = submitTransfers(world, 50);
    await eventually('the block was sent', () => old.heldBytes > 0);
    old.cutClient();
    expect(await words).toEqual(posted(50));
    const head = await world.headBlock();
    old.release();
    await eventually('the old backend has read all and ended', async () => {
      const { rows } = await world.beside.query(
        `select 1 from pg_stat_activity where datname = current_database()
            and application_name = 'lastro' and pid <> pg_backend_pid() and state = 'active'`,
      );
      return rows.length === 0;
    });
    expect(await wordFor(world.engine.submit(transfer('ana', 'bia', 1n)))).toBe('transfer.posted');
    expect(await world.headBlock()).toBe(head + 1);
    await expectAppliedOnce(world, 51);
  });

  test('only its COMMIT was held back: the next try waits for head and finds the block', async () => {
    const world = await startWorld();
    const old = world.proxy.newest;
    old.holdFrom(COMMIT_BYTES);
    const { words } = submitTransfers(world, 50);
    await eventually('the COMMIT was sent', () => old.heldBytes > 0);
    old.cutClient();
    await someoneWaitsForHead(world);
    old.release();
    expect(await words).toEqual(posted(50));
    expect(world.engine.statistics).toMatchObject({ unknown: 1, resolved: 1 });
    await expectAppliedOnce(world, 50);
  });

  test('its COMMIT never comes: PostgreSQL ends the hung session, and the next try goes on', async () => {
    const world = await startWorld();
    const old = world.proxy.newest;
    old.holdFrom(COMMIT_BYTES);
    const { words } = submitTransfers(world, 50);
    await eventually('the COMMIT was sent', () => old.heldBytes > 0);
    old.cutClient();
    expect(await words).toEqual(posted(50));
    expect(world.engine.statistics).toMatchObject({ resolved: 0 });
    await expectAppliedOnce(world, 50);
  });

  test('two suspects for one place: the second comes through, then the first raises', async () => {
    const world = await startWorld();
    const before = await world.headBlock();
    const first = world.proxy.newest;
    first.holdTrainWith(BLOCK_BYTES);
    const { words } = submitTransfers(world, 20);
    await eventually('the first try is held', () => first.heldBytes > 0);
    world.proxy.admit(false);
    first.cutClient();
    const count = world.proxy.passages.length;
    world.proxy.admit(true);
    const second = await eventually('the second connects', () => world.proxy.passages[count]);
    second.holdFrom(COMMIT_BYTES);
    await eventually('the second try is held', () => second.heldBytes > 0);
    second.cutClient();
    await someoneWaitsForHead(world);
    second.release();
    expect(await words).toEqual(posted(20));
    first.release();
    expect(world.engine.statistics).toMatchObject({ unknown: 2, resolved: 1 });
    expect(await world.headBlock()).toBe(before + 1);
    await expectAppliedOnce(world, 20);
  });
});

test('the block passes and its answer is lost: the next try finds it', async () => {
  const world = await startWorld();
  const before = await world.headBlock();
  const old = world.proxy.newest;
  old.swallowAnswersAfter(COMMIT_BYTES);
  const { words } = submitTransfers(world, 50);
  await eventually('the block is committed', async () => (await world.headBlock()) > before);
  old.cutClient();
  expect(await words).toEqual(posted(50));
  expect(world.engine.statistics).toMatchObject({ unknown: 1, resolved: 1 });
  await expectAppliedOnce(world, 50);
});

test('a deadline that passes while the fate is open: 504, and the same id tells the outcome', async () => {
  const world = await startWorld({ commandTimeoutMs: 700 });
  const before = await world.headBlock();
  const old = world.proxy.newest;
  old.holdTrainWith(BLOCK_BYTES);
  const { envelopes, words } = submitTransfers(world, 10);
  await eventually('the block was sent', () => old.heldBytes > 0);
  world.proxy.admit(false);
  old.cutClient();
  expect(await words).toEqual(Array.from({ length: 10 }, () => 'outcome_unknown'));
  // Sent again while the first is still open; then again after that one joined it.
  const again = envelopes.map((sent) => wordFor(world.engine.submit(sent)));
  old.release();
  await eventually('the old backend commits', async () => (await world.headBlock()) > before);
  world.proxy.admit(true);
  await Promise.all(again);
  const settled = await Promise.all(envelopes.map((sent) => wordFor(world.engine.submit(sent))));
  expect(settled).toEqual(posted(10));
  expect(world.engine.pendingCount).toBe(0);
  await expectAppliedOnce(world, 10);
});

test('an answer that comes after its 504 leaves the repeat of the same id in its place', async () => {
  const world = await startWorld({ commandTimeoutMs: 2_000 });
  const { engine } = world;
  const old = world.proxy.newest;
  old.holdFrom(COMMIT_BYTES);
  const sent = transfer('ana', 'bia', 1n);
  const first = wordFor(engine.submit(sent));
  await eventually('the COMMIT was sent', () => old.heldBytes > 0);
  expect(await first).toBe('outcome_unknown');
  const before = engine.statistics.accepted;
  const second = engine.submit(sent);
  old.release();
  // The repeat has to wait before its own block while the late answer comes in.
  old.holdFrom(BEGIN_BYTES);
  await eventually('the first is committed', () => engine.statistics.accepted > before);
  await eventually('the repeat waits', () => old.heldBytes > 0);
  expect(engine.pendingCount).toBe(1);
  expect(engine.submit(sent)).toBe(second);
  old.release();
  expect(await wordFor(second)).toBe('transfer.posted');
  await expectAppliedOnce(world, 1);
});

test('a BEGIN that fails lets nothing of its block commit by itself', async () => {
  const world = await startWorld();
  const seen = transfer('ana', 'bia', 1n);
  expect(await wordFor(world.engine.submit(seen))).toBe('transfer.posted');
  // The block that follows holds an id that stands, so its last statement fails; with an account that
  // opens it is more than the one statement that writes transfers.
  world.proxy.newest.replaceOnce(
    BEGIN_BYTES,
    Buffer.from('Q\0\0\0\u0015nogin read write\0', 'latin1'),
  );
  const words = [opening('new'), transfer('ana', 'bia', 1n), seen].map((sent) =>
    wordFor(world.engine.submit(sent)),
  );
  expect(await Promise.all(words)).toEqual(['account.opened', ...posted(2)]);
  await expectAppliedOnce(world, 2);
});

describe('random schedules', () => {
  interface Fate {
    readonly world: World;
    readonly chance: Chance;
    readonly held: (() => void)[];
  }

  /** One fault at the newest connection of the writer. */
  function disturb({ world, chance, held }: Fate): void {
    const passage = world.proxy.passages.findLast(({ isCut }) => !isCut);
    if (passage === undefined) return;
    const cutThenRelease = () => {
      passage.cutClient();
      held.push(() => passage.release());
    };
    switch (chance.below(4)) {
      case 0:
        passage.cutClient();
        passage.cutServer();
        return;
      case 1:
        passage.swallowAnswersAfter(COMMIT_BYTES);
        held.push(cutThenRelease);
        return;
      case 2:
        passage.holdTrainWith(BLOCK_BYTES);
        held.push(cutThenRelease);
        return;
      default:
        passage.holdFrom(COMMIT_BYTES);
        held.push(cutThenRelease);
    }
  }

  /** Sends one transfer until its outcome is known. */
  async function settle(world: World, resent: { count: number }): Promise<string> {
    const sent = transfer('ana', 'bia', 1n);
    for (;;) {
      const word = await wordFor(world.engine.submit(sent));
      if (word === 'transfer.posted') return word;
      expect(['outcome_unknown', 'database_unavailable', 'deadline_exceeded']).toContain(word);
      resent.count += 1;
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }

  test.each([
    ['all that waits', {}, 3_000],
    // Most wait for the block after next, so that many are decided while the one before is on its way.
    ['a few', { blockRowsMax: 24 }, 1_500],
  ])('blocks of %s: nothing is applied twice, nothing is lost', async (_, limits, transfers) => {
    const chance = seededChance('random schedules');
    const world = await startWorld({ commandTimeoutMs: 1_500, ...limits });
    const resent = { count: 0 };
    const wanted = rounds(transfers, 100_000);
    let sent = 0;
    let settled = 0;
    const clients = Array.from({ length: 24 }, async () => {
      while (sent < wanted) {
        sent += 1;
        await settle(world, resent);
        settled += 1;
      }
    });
    const held: (() => void)[] = [];
    let nextAt = 20;
    const goOn = () => {
      if (settled < nextAt && held.length === 0) return;
      // Sometimes a fault is made on top of others; sometimes an older one goes on, any of them.
      if (held.length < 3 && settled >= nextAt && chance.next() < 0.5) {
        disturb({ world, chance, held });
        nextAt = settled + 1 + chance.below(120);
      } else if (held.length > 0) {
        held.splice(chance.below(held.length), 1)[0]?.();
      }
    };
    const chaos = setInterval(goOn, 15);
    try {
      await Promise.all(clients);
    } finally {
      clearInterval(chaos);
      for (const step of held) step();
    }
    const { unknown, resolved } = world.engine.statistics;
    note(`resent ${resent.count}, blocks of unknown fate ${unknown}, stood ${resolved}`);
    expect(unknown).toBeGreaterThan(0);
    expect(resolved).toBeGreaterThan(0);
    for (const passage of world.proxy.passages) if (passage.isCut) passage.cutServer();
    await expectAppliedOnce(world, sent);
  });
});
