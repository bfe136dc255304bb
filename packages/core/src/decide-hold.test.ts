import { expect, test } from 'vitest';
import { available, balance } from './account.ts';
import { HOLD_TRANSFERS_MAX, HOLD_TTL_MAX_SECONDS } from './bounds.ts';
import type { Expiry, PlaceHold } from './command.ts';
import { changed, createFurnishedTown } from './furnished-town.fixture.ts';
import { holdState } from './hold.ts';
import { metadata } from './refusal-case.fixture.ts';
import { accountOf, type Town } from './town.fixture.ts';

/** `ana bia 5`: a promise of five from ana to bia. */
function hold(moves: readonly string[], expiry: Expiry = { ttl: 60 }, id = 'n'): PlaceHold {
  const transfers = moves.map((move) => {
    const [from = '', to = '', amount = '0'] = move.split(' ');
    return { from, to, amount: BigInt(amount), metadata, condition: null };
  });
  return { type: 'PlaceHold', id, transfers, expiry };
}

const capture = { type: 'CaptureHold', hold: 'n', amount: null, transferId: 'c' } as const;
const release = { type: 'ReleaseHold', hold: 'n' } as const;
const poor = { code: 'insufficient_funds', account: 'ana' };

function sums(town: Town, id: string) {
  const account = accountOf(town, id);
  const { debitsPending: out, creditsPending: into } = account;
  return { balance: balance(account), available: available(account), out, into };
}

test('a hold reserves on both sides and moves nothing', () => {
  const town = createFurnishedTown();
  town.tell(hold(['ana bia 30']));
  expect(sums(town, 'ana')).toEqual({ balance: 100n, available: 70n, out: 30n, into: 0n });
  expect(sums(town, 'bia')).toEqual({ balance: 0n, available: 0n, out: 0n, into: 30n });
  expect(town.refusal(hold(['ana bia 71'], { ttl: 60 }, 'm'))).toEqual(poor);
  const spent = { type: 'Withdraw', id: 'x', account: 'ana', amount: 71n, metadata } as const;
  expect(town.refusal(spent)).toEqual(poor);
});

test('what is promised counts against the maximum balance before it arrives', () => {
  const town = createFurnishedTown();
  town.tell(changed('bia', { maximumBalance: { to: 30n } }));
  town.tell(hold(['ana bia 30']));
  const refusal = { code: 'balance_out_of_range', account: 'bia' };
  expect(town.refusal(hold(['ana bia 1'], { ttl: 60 }, 'm'))).toEqual(refusal);
  expect(town.refusal(capture)).toBeUndefined();
  expect(sums(town, 'bia')).toMatchObject({ balance: 30n, into: 0n });
});

test('each transfer of a group is judged after those before it', () => {
  const town = createFurnishedTown();
  expect(town.refusal(hold(['ana bia 60', 'ana shop 41']))).toEqual(poor);
  // A promised credit can't be promised on.
  const refusal = { code: 'insufficient_funds', account: 'bia' };
  expect(town.refusal(hold(['ana bia 60', 'bia shop 60']))).toEqual(refusal);
  expect(town.refusal(hold(['ana bia 60', 'ana shop 40']))).toBeUndefined();
});

test('captured in part, the rest is free again', () => {
  const town = createFurnishedTown();
  town.tell(hold(['ana bia 30']));
  const fact = town.tell({ ...capture, amount: 20n });
  expect(fact).toMatchObject({ type: 'hold.captured', transfers: [{ id: 'c', amount: 20n }] });
  expect(sums(town, 'ana')).toEqual({ balance: 80n, available: 80n, out: 0n, into: 0n });
  expect(sums(town, 'bia')).toEqual({ balance: 20n, available: 20n, out: 0n, into: 0n });
  expect(town.ledger.transfers.get('c')).toMatchObject({ transaction: null });
});

test('a single transfer may be captured whole by naming its amount', () => {
  const town = createFurnishedTown();
  town.tell(hold(['ana bia 30']));
  expect(town.refusal({ ...capture, amount: 30n })).toBeUndefined();
});

test('a group is captured as one transaction under the id of the hold', () => {
  const town = createFurnishedTown();
  town.tell(hold(['ana bia 30', 'ana shop 5']));
  town.tell({ ...capture, transferId: 'c-000000000009' });
  expect(town.ledger.transfers.get('c-000000000009')).toMatchObject({ leg: 0, transaction: 'n' });
  expect(town.ledger.transfers.get('c-00000000000a')).toMatchObject({ leg: 1, transaction: 'n' });
  expect(sums(town, 'ana')).toEqual({ balance: 65n, available: 65n, out: 0n, into: 0n });
});

test('released, everything is as before, and it is over', () => {
  const town = createFurnishedTown();
  town.tell(hold(['ana bia 30', 'ana shop 5']));
  town.tell(release);
  expect(sums(town, 'ana')).toEqual({ balance: 100n, available: 100n, out: 0n, into: 0n });
  const refusal = { code: 'hold_ended', state: 'released' };
  expect(town.refusal(capture)).toEqual(refusal);
  expect(town.refusal(release)).toEqual(refusal);
});

test('freeze and lease stop new holds and not what was promised before', () => {
  for (const stop of [
    { type: 'FreezeAccount', account: 'ana', reason: null },
    { type: 'RequestLease', id: 'l', account: 'ana', owner: 'robot', ttl: 600, wait: 0 },
  ] as const) {
    for (const end of [capture, release]) {
      const town = createFurnishedTown();
      town.tell(hold(['ana bia 30']));
      expect(town.refusal(stop)).toBeUndefined();
      expect(town.refusal(hold(['ana bia 1'], { ttl: 60 }, 'm'))).toMatchObject({ account: 'ana' });
      const longer = { type: 'ExtendHold', hold: 'n', expiry: { ttl: 90 } } as const;
      expect(town.refusal(longer)).toBeUndefined();
      expect(town.refusal(end)).toBeUndefined();
    }
  }
});

test('at its moment a hold is over: capture before it, or expiry from it on', () => {
  const inTime = createFurnishedTown();
  inTime.tell(hold(['ana bia 30']));
  inTime.pass(59.999);
  expect(inTime.refusal(capture)).toBeUndefined();
  inTime.pass(1);
  expect(inTime.sweep()).not.toContainEqual({ type: 'hold.expired', hold: 'n' });

  const late = createFurnishedTown();
  late.tell(hold(['ana bia 30']));
  late.pass(60);
  const refusal = { code: 'hold_ended', state: 'expired' };
  // Nothing has recorded it yet, so the promise still stands in the books.
  expect(late.refusal(capture)).toEqual(refusal);
  expect(late.refusal(release)).toEqual(refusal);
  expect(sums(late, 'ana')).toMatchObject({ out: 30n });
  expect(late.sweep()).toContainEqual({ type: 'hold.expired', hold: 'n' });
  expect(sums(late, 'ana')).toMatchObject({ out: 0n, available: 100n });
  expect(late.refusal(capture)).toEqual(refusal);
});

test('extended, it lasts longer; it can’t be made shorter or too long', () => {
  const town = createFurnishedTown();
  const extend = (expiry: Expiry) => town.refusal({ type: 'ExtendHold', hold: 'n', expiry });
  const refusal = { code: 'expiry_out_of_range' };
  town.tell(hold(['ana bia 30']));
  town.pass(30);
  expect(extend({ ttl: 30 })).toEqual(refusal);
  expect(extend({ ttl: HOLD_TTL_MAX_SECONDS + 1 })).toEqual(refusal);
  expect(extend({ at: town.now() + 31_000 })).toBeUndefined();
  town.pass(30);
  expect(town.refusal({ ...capture, hold: 'n' })).toBeUndefined();
  const other = createFurnishedTown();
  other.tell(hold(['ana bia 30']));
  other.pass(60);
  const ended = { code: 'hold_ended', state: 'expired' };
  expect(other.refusal({ type: 'ExtendHold', hold: 'n', expiry: { ttl: 600 } })).toEqual(ended);
});

test('a moment of expiry lies ahead, at most 90 days', () => {
  const place = (milliseconds: number) => {
    const town = createFurnishedTown();
    return town.refusal(hold(['ana bia 1'], { at: town.now() + milliseconds }))?.code;
  };
  expect(place(0)).toBe('expiry_out_of_range');
  expect(place(1)).toBeUndefined();
  expect(place(HOLD_TTL_MAX_SECONDS * 1_000)).toBeUndefined();
  expect(place(HOLD_TTL_MAX_SECONDS * 1_000 + 1)).toBe('expiry_out_of_range');
});

test('what a hold is at a moment does not wait for the record', () => {
  const town = createFurnishedTown();
  const states = ['held', 'captured', 'released', 'expired', 'lapsed'].map((id) =>
    holdState(town.ledger.hold(id)!, town.now()),
  );
  expect(states).toEqual(['pending', 'captured', 'released', 'expired', 'expired']);
  expect(town.ledger.hold('lapsed')?.end).toBeNull();
});

test('its size is bounded, and the contract has checked that', () => {
  const town = createFurnishedTown();
  const most = Array.from({ length: HOLD_TRANSFERS_MAX }, () => 'ana bia 1');
  expect(() => town.tell(hold([]))).toThrow('0 transfers');
  expect(() => town.tell(hold([...most, 'ana bia 1']))).toThrow('101 transfers');
  expect(town.refusal(hold(most))).toBeUndefined();
  expect(sums(town, 'ana')).toMatchObject({ available: 0n });
});
