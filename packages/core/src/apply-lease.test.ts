import { describe, expect, test } from 'vitest';
import { apply } from './apply.ts';
import type { Fact } from './event.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { BLOCK_TIME } from './town.fixture.ts';

const [NOW, LATER] = [BLOCK_TIME + 4_000, BLOCK_TIME + 700_000];
const account = 'leased';
const asked: Fact = {
  type: 'lease.requested',
  account: 'ana',
  id: 'n',
  owner: 'robot',
  ttl: 5,
  waitUntil: NOW + 1,
  granted: 'n',
};

test('a granted lease has the number of its event for a token, and its account knows', () => {
  const { ledger } = createFurnishedTown();
  apply(ledger, { seq: 999, command: null, fact: asked }, NOW);
  const lease = { id: 'n', ticket: 999, token: 999, expiresAt: NOW + 5_000, waitUntil: NOW + 1 };
  expect(ledger.leases('ana')).toEqual([{ account: 'ana', owner: 'robot', ttl: 5, ...lease }]);
  expect(ledger.account('ana')).toMatchObject({ leaseToken: 999, leaseUntil: NOW + 5_000 });
});

test('those that are over are gone with the next event', () => {
  const { ledger } = createFurnishedTown();
  apply(ledger, { seq: 999, command: null, fact: { ...asked, account: 'idle' } }, NOW);
  expect(ledger.leases('idle').map(({ id }) => id)).toEqual(['n']);
});

test('an account without open leases has no list of them', () => {
  const { ledger } = createFurnishedTown();
  apply(ledger, { seq: 999, command: null, fact: asked }, NOW);
  const left: Fact = { type: 'lease.released', account: 'ana', id: 'n', granted: null };
  apply(ledger, { seq: 1_000, command: null, fact: left }, NOW);
  expect(ledger.openLeases.has('ana')).toBe(false);
  expect(ledger.account('ana')).toMatchObject({ leaseToken: null, leaseUntil: null });
});

describe('an event that can’t follow what stands throws', () => {
  test.each<[string, string, Fact, number?]>([
    ['leases an unknown account', 'unknown account', { ...asked, account: 'ghost' }],
    ['grants what is held', 'out of turn', { ...asked, account }],
    ['grants nobody’s turn to nobody', 'out of turn', { ...asked, granted: null }],
    ['grants a stranger', 'out of turn', { ...asked, granted: 'stranger' }],
    [
      'gives the turn of who waits to another',
      'out of turn',
      { type: 'lease.released', account, id: 'lease', granted: null },
    ],
    [
      'releases what is unknown',
      'unknown lease',
      { type: 'lease.released', account, id: 'ghost', granted: null },
    ],
    [
      'passes what is held on',
      'out of turn',
      { type: 'lease.passed', account, granted: 'waiting' },
    ],
    [
      'passes on to whose patience is over',
      'out of turn',
      { type: 'lease.passed', account, granted: 'waiting' },
      LATER,
    ],
    [
      'renews what waits',
      'nobody holds',
      { type: 'lease.renewed', account, id: 'waiting', expiresAt: LATER },
    ],
    [
      'renews what is over',
      'nobody holds',
      { type: 'lease.renewed', account, id: 'lease', expiresAt: LATER + 1 },
      LATER,
    ],
    [
      'renews what is unknown',
      'nobody holds',
      { type: 'lease.renewed', account, id: 'ghost', expiresAt: LATER },
    ],
  ])('%s', (_, message, fact, at = NOW) => {
    const { ledger } = createFurnishedTown();
    expect(() => apply(ledger, { seq: 999, command: null, fact }, at)).toThrow(message);
  });
});
