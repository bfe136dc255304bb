import { expect, test } from 'vitest';
import { LEASE_TTL_MAX_SECONDS } from './bounds.ts';
import type { RequestLease } from './command.ts';
import { passedLease } from './decide-lease.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { metadata, request } from './refusal-case.fixture.ts';
import { accountOf, type Town } from './town.fixture.ts';

function ask(id: string, more: Partial<RequestLease> = {}): RequestLease {
  return { type: 'RequestLease', id, account: 'ana', owner: 'robot', ttl: 30, wait: 0, ...more };
}

const patient = (id: string, wait = 30) => ask(id, { wait });
const renew = (lease: string, ttl = 30) =>
  ({ type: 'RenewLease', account: 'ana', lease, ttl }) as const;
const release = (lease: string) => ({ type: 'ReleaseLease', account: 'ana', lease }) as const;
const leased = { code: 'account_leased', account: 'ana' };
const noLease = { code: 'lease_not_found' };
const lost = { code: 'lease_lost' };

/** The id of the transfer, so that each is a new one. */
function transfer(id: string, more: { from?: string; to?: string } = {}) {
  return { type: 'PostTransfer', ...request, id, ...more } as const;
}

function holder(town: Town): string | undefined {
  return town.ledger.leases('ana').find((lease) => lease.token !== null)?.id;
}

function token(town: Town): number {
  const { leaseToken } = accountOf(town, 'ana');
  if (leaseToken === null) throw new Error('nobody leases ana');
  return leaseToken;
}

test('while it stands only who comes with its token writes the account', () => {
  const town = createFurnishedTown();
  const fact = town.tell(ask('a'));
  expect(fact).toMatchObject({ type: 'lease.requested', granted: 'a' });
  expect(token(town)).toBe(town.journal.length);
  const hold = { type: 'PlaceHold', id: 'h', expiry: { ttl: 60 } } as const;
  for (const command of [
    transfer('x'),
    transfer('x', { from: 'poor', to: 'ana' }),
    { type: 'Deposit', id: 'x', account: 'ana', amount: 1n, metadata } as const,
    { type: 'Withdraw', id: 'x', account: 'ana', amount: 1n, metadata } as const,
    { ...hold, transfers: [request] },
    { ...hold, transfers: [{ ...request, from: 'poor', to: 'ana' }] },
  ]) {
    expect(town.refusal(command)).toEqual(leased);
  }
  expect(town.refusal(transfer('y'), [token(town)])).toBeUndefined();
});

test('a command under two leases needs both, and a token of another account is none', () => {
  const town = createFurnishedTown();
  const { leaseToken: other } = accountOf(town, 'leased');
  town.tell(ask('a'));
  const between = transfer('x', { from: 'ana', to: 'leased' });
  expect(town.refusal(between, [token(town)])).toMatchObject({ account: 'leased' });
  expect(town.refusal(between, [other ?? 0])).toEqual(leased);
  expect(town.refusal(between, [token(town), other ?? 0])).toBeUndefined();
  expect(town.refusal(transfer('y'), [token(town), other ?? 0])).toEqual(lost);
});

test('it is over at its moment, and its token never writes again', () => {
  const town = createFurnishedTown();
  town.tell(ask('a'));
  const old = token(town);
  town.pass(29.999);
  expect(town.refusal(transfer('x'))).toEqual(leased);
  expect(town.refusal(transfer('x1'), [old])).toBeUndefined();
  town.pass(0.001);
  expect(town.refusal(transfer('y'), [old])).toEqual(lost);
  expect(town.refusal(transfer('z'))).toBeUndefined();
  town.tell(ask('b'));
  expect(token(town)).toBeGreaterThan(old);
  expect(town.refusal(transfer('w'), [old])).toEqual(lost);
  expect(town.refusal(transfer('v'), [old, token(town)])).toEqual(lost);
});

test('who waits is served in the order of asking, as soon as it is given back', () => {
  const town = createFurnishedTown();
  for (const id of ['a', 'b', 'c', 'd']) town.tell(patient(id));
  const served = [];
  for (let id = holder(town); id !== undefined; id = holder(town)) {
    served.push(id);
    town.tell(release(id));
  }
  expect(served).toEqual(['a', 'b', 'c', 'd']);
  expect(accountOf(town, 'ana')).toMatchObject({ leaseToken: null, leaseUntil: null });
});

test('who doesn’t wait is refused at once, and stands in nobody’s way', () => {
  const town = createFurnishedTown();
  town.tell(ask('a'));
  expect(town.refusal(ask('b'))).toEqual(leased);
  expect(town.ledger.leases('ana').map(({ id }) => id)).toEqual(['a']);
});

test('who comes when it is over doesn’t pass those who wait', () => {
  const town = createFurnishedTown();
  town.tell(ask('a', { ttl: 10 }));
  town.tell(patient('b'));
  town.pass(10);
  expect(town.refusal(ask('c'))).toEqual(leased);
  // The bank hasn't recorded that it is b's turn; d's request does.
  expect(town.tell(patient('d'))).toMatchObject({ type: 'lease.requested', granted: 'b' });
  expect(holder(town)).toBe('b');
});

test('a crashed holder blocks until its time is over, no longer', () => {
  const town = createFurnishedTown();
  town.tell(ask('a', { ttl: 10 }));
  town.tell(patient('b'));
  town.pass(9.999);
  expect(passedLease(town.ledger, 'ana', town.now())).toBeUndefined();
  town.pass(0.001);
  const passed = { type: 'lease.passed', account: 'ana', granted: 'b' };
  expect(town.sweep()).toContainEqual(passed);
  expect(token(town)).toBe(town.journal.length);
  expect(accountOf(town, 'ana').leaseUntil).toBe(town.now() + 30_000);
  expect(town.sweep()).not.toContainEqual(passed);
});

test('whose patience is over is passed by', () => {
  const town = createFurnishedTown();
  town.tell(ask('a', { ttl: 10 }));
  town.tell(patient('b', 5));
  town.tell(patient('c', 30));
  town.pass(10);
  expect(town.refusal(release('b'))).toEqual(noLease);
  expect(town.sweep()).toContainEqual({ type: 'lease.passed', account: 'ana', granted: 'c' });
});

test('at the end of its patience a request is granted no more', () => {
  const town = createFurnishedTown();
  town.tell(ask('a', { ttl: 10 }));
  town.tell(patient('b', 10));
  town.pass(10);
  expect(passedLease(town.ledger, 'ana', town.now())).toBeUndefined();
});

test('renewed, it lasts from now under the same token', () => {
  const town = createFurnishedTown();
  town.tell(ask('a'));
  const before = token(town);
  town.pass(20);
  town.tell(renew('a', 60));
  expect(accountOf(town, 'ana').leaseUntil).toBe(town.now() + 60_000);
  expect(token(town)).toBe(before);
  town.pass(60);
  expect(town.refusal(renew('a'))).toEqual(noLease);
});

test('only who holds it renews it', () => {
  const town = createFurnishedTown();
  town.tell(ask('a'));
  town.tell(patient('b'));
  expect(town.refusal(renew('b'))).toEqual(noLease);
  expect(town.refusal({ ...renew('a'), account: 'bia' })).toEqual(noLease);
});

test('who waits may leave the queue, and the holder keeps it', () => {
  const town = createFurnishedTown();
  town.tell(ask('a'));
  town.tell(patient('b'));
  expect(town.tell(release('b'))).toMatchObject({ type: 'lease.released', granted: null });
  expect(holder(town)).toBe('a');
  town.tell(release('a'));
  expect(holder(town)).toBeUndefined();
  expect(town.refusal(release('a'))).toEqual(noLease);
});

test('a lease changes the account’s version with whose turn it is, and a place in the queue doesn’t', () => {
  const town = createFurnishedTown();
  const { version } = accountOf(town, 'ana');
  town.tell(ask('a'));
  expect(accountOf(town, 'ana').version).toBe(version + 1);
  town.tell(patient('b'));
  expect(accountOf(town, 'ana').version).toBe(version + 1);
  town.tell(release('a'));
  expect(accountOf(town, 'ana').version).toBe(version + 2);
});

test('an operator can freeze, limit and close a leased account', () => {
  const town = createFurnishedTown();
  town.tell(ask('a'));
  const freeze = { type: 'FreezeAccount', account: 'ana', reason: null } as const;
  expect(town.refusal(freeze)).toBeUndefined();
  const refusal = { code: 'account_frozen', account: 'ana' };
  expect(town.refusal(transfer('x'), [token(town)])).toEqual(refusal);
});

test('a refused order with a lost lease leaves a taken id alone', () => {
  const town = createFurnishedTown();
  const order = {
    type: 'PlaceOrder',
    id: 'bought',
    customer: 'ana',
    merchant: 'shop',
    lines: [{ sku: 'pen', quantity: 1n }],
    expectedTotal: null,
    transferIds: ['o1', 'o2'],
  } as const;
  expect(town.tell(order, [1])).toEqual({ type: 'command.refused', refusal: lost });
  expect(town.tell({ ...order, id: 'n' }, [1])).toMatchObject({ type: 'order.refused', id: 'n' });
});

test('its length is bounded, and the contract has checked that', () => {
  const town = createFurnishedTown();
  for (const ttl of [0, -1, 1.5, LEASE_TTL_MAX_SECONDS + 1]) {
    expect(() => town.tell(ask('a', { ttl }))).toThrow('passed the contract');
    expect(() => town.tell(renew('a', ttl))).toThrow('passed the contract');
  }
  expect(town.refusal(ask('a', { ttl: LEASE_TTL_MAX_SECONDS }))).toBeUndefined();
});
