import { AMOUNT_MAX_DEFAULT } from '@lastro/core';
import { describe, expect, it } from 'vitest';
import type { BoundStatement } from '../store/bound-statement.ts';
import type { DatabaseFault } from '../store/database-error.ts';
import type { Head } from '../store/row-types.ts';
import type { WriteResult } from '../store/block-train.ts';
import type { Writer } from '../store/writer.ts';
import type { Attempt } from './attempt.ts';
import { BlockLane } from './block-lane.ts';
import { DraftAhead } from './draft-ahead.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { createRowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import { moving, opening } from './tickets.fixture.ts';

/** So often a lane locks head first after it saw an unknown one. */
const ROUNDS_UNTIL_TRUST = 9;

const COMMITTED: WriteResult = { kind: 'committed' };

const failed = (fault: DatabaseFault): WriteResult => ({
  kind: 'failed',
  fault,
  error: new Error(fault),
});

const FIRST: Head = { block: 7, seq: 30, hash: 'a'.repeat(64), at: 1, accounts: 9, bank: 'test' };

interface Sent {
  readonly statements: readonly BoundStatement[];
  readonly answer: (result: WriteResult) => void;
}

/** A lane whose database answers when it is told to, and whose clock stands still until it is set. */
function startLane() {
  const sent: Sent[] = [];
  let answered = 0;
  let loads = 0;
  const clock = { now: 1_000 };
  const unused = () => Promise.reject(new Error('not expected here'));
  const load = () => {
    loads += 1;
    return Promise.resolve([]);
  };
  const writer = new Proxy({} as Writer, {
    get(_, name) {
      // It is no promise, whatever asks.
      if (name === 'then') return undefined;
      if (name === 'isOpen') return true;
      if (name === 'lockHead') return () => Promise.resolve(lane.head ?? FIRST);
      if (name === 'readNextExpiry') return () => Promise.resolve(null);
      if (name === 'clockSkewMs') return () => Promise.resolve(0);
      if (name === 'loadAccounts' || name === 'loadDueHolds') return load;
      if (['begin', 'rollback', 'forgetPlans', 'refuseReadOnly', 'close'].includes(String(name))) {
        return () => Promise.resolve();
      }
      if (name !== 'write') return unused;
      return (statements: readonly BoundStatement[], _begun: boolean, onUnderWay: () => void) => {
        queueMicrotask(onUnderWay);
        const { promise, resolve } = Promise.withResolvers<WriteResult>();
        sent.push({ statements, answer: resolve });
        return promise;
      };
    },
  });
  const lane: BlockLane = new BlockLane({
    connect: () => Promise.resolve(writer),
    rules: { amountMax: AMOUNT_MAX_DEFAULT },
    limits: ENGINE_LIMITS,
    clock: () => clock.now,
    onAlarm: () => undefined,
  });
  /** The one that is sent next. */
  const nextSent = async () => {
    const before = answered;
    answered += 1;
    for (let turn = 0; sent.length <= before; turn += 1) {
      if (turn > 1_000) throw new Error('no block was sent');
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    return sent[before]!;
  };
  return { lane, sent, clock, nextSent, loads: () => loads };
}

type World = ReturnType<typeof startLane>;

/** When the block was decided: it stands among what writes it. */
function timeOf({ statements }: Sent): unknown {
  const values = statements.flatMap((statement) => statement.values);
  return values.find((value) => typeof value === 'string' && /^\d{4}-.+Z$/.test(value));
}

const at = (ms: number) => new Date(ms).toISOString();

/** A lane that trusts its cache, in which `ana` and `bia` stand. */
async function startWarm(): Promise<World> {
  const world = startLane();
  await settle(world, world.lane.attempt([opening('ana'), opening('bia')], 'trusting'));
  for (let round = 0; round < ROUNDS_UNTIL_TRUST; round += 1) {
    await settle(world, world.lane.attempt([moving('ana', 'bia')], 'trusting'));
  }
  return world;
}

async function settle(world: World, attempt: Promise<Attempt>): Promise<Sent> {
  const sent = await world.nextSent();
  sent.answer(COMMITTED);
  expect((await attempt).kind).toBe('settled');
  return sent;
}

/** Sends a block at 2 000 while `next` waits behind it; at 3 000 it is answered. */
async function sendBefore(world: World, next: readonly Ticket[], result: WriteResult) {
  world.clock.now = 2_000;
  const attempt = world.lane.attempt([moving('ana', 'bia')], 'trusting', () => next);
  const sent = await world.nextSent();
  world.clock.now = 3_000;
  const count = world.sent.length;
  sent.answer(result);
  const { kind } = await attempt;
  expect(world.sent).toHaveLength(count);
  return kind;
}

describe('the block after the one that is on its way', () => {
  it('is decided meanwhile, and sent once that one stands', async () => {
    const world = await startWarm();
    const { seq } = world.lane.head!;
    const next = [moving('bia', 'ana'), moving('ana', 'bia')];
    expect(await sendBefore(world, next, COMMITTED)).toBe('settled');
    const loads = world.loads();
    const sent = await settle(world, world.lane.attempt(next, 'trusting'));
    expect(timeOf(sent)).toBe(at(2_000));
    expect(world.loads()).toBe(loads);
    expect(world.lane.head?.seq).toBe(seq + 3);
  });

  it('waits where a row has to be looked for', async () => {
    const world = await startWarm();
    const next = [opening('caio')];
    expect(await sendBefore(world, next, COMMITTED)).toBe('settled');
    const sent = await settle(world, world.lane.attempt(next, 'trusting'));
    expect(timeOf(sent)).toBe(at(3_000));
  });

  it.each([
    ['lost its race', failed('lost_race'), 'lost_race'],
    ['has an unknown fate', failed('unknown'), 'unknown'],
    ['could not be written', failed('unavailable'), 'unavailable'],
    ['holds an id that stands', failed('duplicate'), 'duplicate'],
    ['can not be recorded', failed('poison'), 'poison'],
  ] as const)('is dropped where that one %s', async (_, result, kind) => {
    const world = await startWarm();
    const block = world.lane.head!.block;
    const next = [moving('bia', 'ana')];
    expect(await sendBefore(world, next, result)).toBe(kind);
    const loads = world.loads();
    const sent = await settle(world, world.lane.attempt(next, 'trusting'));
    expect(timeOf(sent)).toBe(at(3_000));
    expect(world.loads()).toBeGreaterThan(loads);
    expect(world.lane.head?.block).toBe(block + 1);
  });

  it.each([
    ['fewer', (next: readonly Ticket[]) => next.slice(0, 1)],
    ['other', (next: readonly Ticket[]) => next.toReversed()],
  ])('is decided anew where %s commands come', async (_, change) => {
    const world = await startWarm();
    const next = [moving('bia', 'ana'), moving('ana', 'bia')];
    await sendBefore(world, next, COMMITTED);
    const sent = await settle(world, world.lane.attempt(change(next), 'trusting'));
    expect(timeOf(sent)).toBe(at(3_000));
  });

  it('is decided anew where it is refused itself', async () => {
    const world = await startWarm();
    const next = [moving('bia', 'ana')];
    await sendBefore(world, next, COMMITTED);
    const attempt = world.lane.attempt(next, 'trusting');
    const refused = await world.nextSent();
    expect(timeOf(refused)).toBe(at(2_000));
    refused.answer(failed('lost_race'));
    expect((await attempt).kind).toBe('lost_race');
    const sent = await settle(world, world.lane.attempt(next, 'trusting'));
    expect(timeOf(sent)).toBe(at(3_000));
  });

  it('is decided anew where it is old by the time it could be sent', async () => {
    const world = await startWarm();
    const next = [moving('bia', 'ana')];
    await sendBefore(world, next, COMMITTED);
    world.clock.now = 3_001;
    const sent = await settle(world, world.lane.attempt(next, 'trusting'));
    expect(timeOf(sent)).toBe(at(3_001));
  });

  it('costs the one on its way nothing where it fails', async () => {
    const world = await startWarm();
    const block = world.lane.head!.block;
    const attempt = world.lane.attempt([moving('ana', 'bia')], 'trusting', () => {
      throw new Error('nobody is there');
    });
    await settle(world, attempt);
    expect(world.lane.head?.block).toBe(block + 1);
    await settle(world, world.lane.attempt([moving('bia', 'ana')], 'trusting'));
    expect(world.lane.head?.block).toBe(block + 2);
  });

  it('is decided anew behind another head', async () => {
    const world = await startWarm();
    const next = [moving('bia', 'ana')];
    await sendBefore(world, next, COMMITTED);
    const between = await settle(world, world.lane.attempt([moving('ana', 'bia')], 'trusting'));
    const sent = await settle(world, world.lane.attempt(next, 'trusting'));
    expect([timeOf(between), timeOf(sent)]).toEqual([at(3_000), at(3_000)]);
  });

  it('is decided anew where a lease is to be passed on first', async () => {
    const world = await startWarm();
    const next = [moving('bia', 'ana')];
    await sendBefore(world, next, COMMITTED);
    const count = world.sent.length;
    world.lane.passLease('ana');
    // Its leases can't be loaded here, which shows that somebody asked.
    expect((await world.lane.attempt(next, 'trusting')).kind).toBe('unavailable');
    expect(world.sent).toHaveLength(count);
  });

  it('is decided anew with care', async () => {
    const world = await startWarm();
    const next = [moving('bia', 'ana')];
    await sendBefore(world, next, COMMITTED);
    const count = world.sent.length;
    expect((await world.lane.attempt(next, 'careful')).kind).toBe('unavailable');
    expect(world.sent).toHaveLength(count);
  });
});

describe('a draft made ahead', () => {
  it('is for the head that it was made on alone', () => {
    const ahead = new DraftAhead({ amountMax: AMOUNT_MAX_DEFAULT });
    const cache = createRowCache(100);
    cache.nextExpiry = null;
    const tickets = [moving('ana', 'bia')];
    for (const id of ['ana', 'bia']) cache.accounts.set(id, 'absent');
    ahead.make(tickets, FIRST, cache, 2_000);
    expect(ahead.take(tickets, { ...FIRST })).toBeUndefined();
    ahead.make(tickets, FIRST, cache, 2_000);
    expect(ahead.take(tickets, FIRST)?.draft.events).toHaveLength(1);
    expect(ahead.take(tickets, FIRST)).toBeUndefined();
  });

  it('is none while a hold may be due', () => {
    const ahead = new DraftAhead({ amountMax: AMOUNT_MAX_DEFAULT });
    const cache = createRowCache(100);
    const tickets = [moving('ana', 'bia')];
    for (const id of ['ana', 'bia']) cache.accounts.set(id, 'absent');
    for (const nextExpiry of [undefined, 1_999, 2_000]) {
      cache.nextExpiry = nextExpiry;
      ahead.make(tickets, FIRST, cache, 2_000);
      expect(ahead.take(tickets, FIRST)).toBeUndefined();
    }
    cache.nextExpiry = 2_001;
    ahead.make(tickets, FIRST, cache, 2_000);
    expect(ahead.take(tickets, FIRST)).toBeDefined();
  });
});
