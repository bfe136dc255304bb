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

/** Blocks of ten steps every five milliseconds, for a second; each takes ten to be written. */
function busy(): { readonly gathering: Gathering; readonly now: number } {
  const gathering = new Gathering();
  for (let now = 0; now < 1_000; now += 5) {
    gathering.start(now, 10, true);
    gathering.end(10);
  }
  return { gathering, now: 995 };
}

describe('a block', () => {
  test('of steps alone keeps its distance where many come', () => {
    const { gathering, now } = busy();
    gathering.note(step());
    expect(gathering.waitMs(now)).toBeGreaterThan(10);
  });

  test('starts at once for a command that has nobody else to wait for', () => {
    const { gathering, now } = busy();
    gathering.note(step());
    gathering.note(command());
    gathering.note(step());
    expect(gathering.waitMs(now)).toBe(0);
  });

  test('starts at once for what the one before had no room for', () => {
    const { gathering, now } = busy();
    gathering.start(now + 5, 10, false);
    expect(gathering.waitMs(now + 5)).toBe(0);
  });
});
