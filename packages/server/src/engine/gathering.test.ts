import { describe, expect, test } from 'vitest';
import type { OwnCommand } from '@lastro/core';
import { Gathering } from './gathering.ts';
import { createOwnTicket, NOTHING_RIDING } from './own-ticket.ts';
import { createTicket } from './ticket.ts';

const SETTLE: OwnCommand = {
  type: 'SettleShare',
  id: 'alfa/01234567-89ab-7def-8123-456789abcdef',
};

function step() {
  return createOwnTicket(SETTLE, NOTHING_RIDING, 1, 0, 1);
}

function command() {
  const envelope = {
    principal: 'client',
    id: 'one',
    hash: 'f'.repeat(64),
    leaseTokens: [],
    command: { type: 'FreezeAccount', account: 'ana', reason: null },
  } as const;
  return createTicket(envelope, 'key', 1, 0, 1);
}

/** A block of so many steps every so many milliseconds, for a second. */
function busy(
  size: number,
  everyMs: number,
): { readonly gathering: Gathering; readonly now: number } {
  const gathering = new Gathering();
  let now = 0;
  for (; now < 1_000; now += everyMs) gathering.start(now, size, true);
  return { gathering, now: now - everyMs };
}

describe('a block', () => {
  test('starts at once after a rest', () => {
    const gathering = new Gathering();
    gathering.note(step());
    expect(gathering.waitMs(0)).toBe(0);
  });

  test('hardly waits where few steps come', () => {
    const { gathering, now } = busy(1, 10);
    gathering.note(step());
    expect(gathering.waitMs(now)).toBe(0);
  });

  test('keeps a distance where many come, and a longer one where more do', () => {
    const some = busy(3, 5);
    const many = busy(10, 5);
    expect(some.gathering.waitMs(some.now)).toBeGreaterThan(5);
    expect(some.gathering.waitMs(some.now)).toBeLessThan(15);
    expect(many.gathering.waitMs(many.now)).toBe(20);
    expect(many.gathering.waitMs(many.now + 15)).toBe(5);
  });

  test('starts at once for a command that has nobody else to wait for', () => {
    const { gathering, now } = busy(10, 5);
    gathering.note(step());
    gathering.note(command());
    gathering.note(step());
    expect(gathering.waitMs(now)).toBe(0);
  });

  test('starts at once for what the one before had no room for', () => {
    const { gathering, now } = busy(10, 5);
    gathering.start(now + 5, 10, false);
    expect(gathering.waitMs(now + 5)).toBe(0);
  });

  test('soon forgets that it was busy', () => {
    const { gathering, now } = busy(10, 5);
    gathering.start(now + 1_000, 1, true);
    expect(gathering.waitMs(now + 1_000)).toBe(0);
  });
});
