import { describe, expect, it, vi } from 'vitest';
import type { StandingTicket } from './lease-queries.ts';
import { WaitersDesk } from './waiters-desk.ts';

const NEVER = new AbortController().signal;
const LONG_MS = 20_000;

/** A desk over tickets that the test moves on, with a clock that stands at 1 000. */
function deskOver(tickets: Map<number, StandingTicket>, seatsMax = 10) {
  const looks: (readonly number[])[] = [];
  const passed: string[] = [];
  const desk = new WaitersDesk({
    look: (asked) => {
      looks.push(asked);
      return Promise.resolve(asked.flatMap((ticket) => tickets.get(ticket) ?? []));
    },
    pass: (account) => passed.push(account),
    clock: () => 1_000,
    seatsMax,
  });
  const wait = (ticket: number, timeoutMs = LONG_MS, signal = NEVER) =>
    desk.wait({ ticket, account: `account-${ticket}`, timeoutMs, signal });
  return { desk, looks, passed, wait };
}

const waiting = (ticket: number, heldUntil: number | null = 5_000): StandingTicket => ({
  ticket,
  token: null,
  expiresAt: null,
  heldUntil,
});
const granted = (ticket: number, token: number, expiresAt = 9_000): StandingTicket => ({
  ticket,
  token,
  expiresAt,
  heldUntil: expiresAt,
});

describe('a wait', () => {
  it('ends with the grant, whoever made it', async () => {
    const tickets = new Map([[1, waiting(1)]]);
    const { wait } = deskOver(tickets);
    const end = wait(1);
    tickets.set(1, granted(1, 7));
    expect(await end).toEqual({ kind: 'granted', token: 7, expiresAt: 9_000 });
  });

  it('ends when the ticket is gone, or its lease ran out before anybody looked', async () => {
    const { wait } = deskOver(new Map([[2, granted(2, 7, 1_000)]]));
    expect(await wait(1)).toEqual({ kind: 'gone' });
    expect(await wait(2)).toEqual({ kind: 'gone' });
  });

  it('ends when its time is over, though the database says nothing', async () => {
    const desk = new WaitersDesk({
      look: () => Promise.withResolvers<never>().promise,
      pass: () => undefined,
      clock: () => 1_000,
      seatsMax: 1,
    });
    const end = desk.wait({ ticket: 1, account: 'a', timeoutMs: 1, signal: NEVER });
    expect(await end).toEqual({ kind: 'late' });
  });

  it('goes on over a read that fails', async () => {
    let isFirst = true;
    const desk = new WaitersDesk({
      look: () => {
        if (!isFirst) return Promise.resolve([granted(1, 7)]);
        isFirst = false;
        return Promise.reject(new Error('away'));
      },
      pass: () => undefined,
      clock: () => 1_000,
      seatsMax: 1,
    });
    const end = desk.wait({ ticket: 1, account: 'a', timeoutMs: LONG_MS, signal: NEVER });
    expect(await end).toMatchObject({ kind: 'granted' });
  });

  it('ends when the caller goes away, or had gone already', async () => {
    const { desk, wait } = deskOver(new Map([[1, waiting(1)]]));
    const caller = new AbortController();
    const end = wait(1, LONG_MS, caller.signal);
    expect(desk.isAwaited(1)).toBe(true);
    caller.abort();
    expect(await end).toEqual({ kind: 'left' });
    expect(desk.isAwaited(1)).toBe(false);
    expect(await wait(1, LONG_MS, caller.signal)).toEqual({ kind: 'left' });
  });

  it('ends when the process does, now and from now on', async () => {
    const { desk, wait } = deskOver(new Map([[1, waiting(1)]]));
    const end = wait(1);
    desk.close();
    expect(await end).toEqual({ kind: 'closing' });
    expect(await wait(1)).toEqual({ kind: 'closing' });
  });
});

describe('the desk', () => {
  it('reads once for all who wait, and each ticket once', async () => {
    const tickets = new Map([1, 2].map((ticket) => [ticket, waiting(ticket)] as const));
    const { looks, wait } = deskOver(tickets);
    const ends = [wait(1), wait(1), wait(2)];
    for (const ticket of [1, 2]) tickets.set(ticket, granted(ticket, 7));
    await Promise.all(ends);
    expect(looks.at(-1)).toEqual([1, 2]);
    // The first read began with the first waiter alone.
    expect(looks.length).toBeLessThanOrEqual(2);
  });

  it('has the bank pass on what nobody holds any more, and nothing else', async () => {
    const tickets = new Map([
      [1, waiting(1, 5_000)],
      [2, waiting(2, 1_000)],
      [3, waiting(3, null)],
    ]);
    const { desk, passed, wait } = deskOver(tickets);
    const ends = [1, 2, 3].map((ticket) => wait(ticket));
    await vi.waitFor(() => expect(new Set(passed)).toEqual(new Set(['account-2', 'account-3'])));
    desk.close();
    await Promise.all(ends);
  });

  it('has so many seats and no more', () => {
    const { desk } = deskOver(new Map(), 2);
    const giveBack = desk.takeSeat();
    expect(desk.takeSeat()).toBeDefined();
    expect(desk.takeSeat()).toBeUndefined();
    giveBack?.();
    expect(desk.takeSeat()).toBeDefined();
  });
});
