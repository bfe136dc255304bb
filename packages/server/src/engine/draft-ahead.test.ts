import { AMOUNT_MAX_DEFAULT } from '@lastro/core';
import { describe, expect, it } from 'vitest';
import type { WriteResult } from '../store/block-train.ts';
import { NOBODY_WAITS } from './attempt.ts';
import { DraftAhead } from './draft-ahead.ts';
import { COMMITTED, failed, FIRST, settle, startWarm, timeOf, type World } from './lane.fixture.ts';
import { createRowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import { moving, opening } from './tickets.fixture.ts';

const at = (ms: number) => new Date(ms).toISOString();

/** Sends a block at 2 000 while `next` waits behind it; at 3 000 it is answered. */
async function sendBefore(world: World, next: readonly Ticket[], result: WriteResult) {
  world.clock.now = 2_000;
  const attempt = world.lane.attempt([moving('ana', 'bia')], 'trusting', {
    ...NOBODY_WAITS,
    peekNext: () => next,
  });
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
    const attempt = world.lane.attempt([moving('ana', 'bia')], 'trusting', {
      ...NOBODY_WAITS,
      peekNext() {
        throw new Error('nobody is there');
      },
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
