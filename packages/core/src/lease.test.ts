import { beforeEach, describe, expect, it } from 'vitest';
import { apply } from './apply.ts';
import { LEASE_QUEUE_MAX } from './bounds.ts';
import type { Command, RequestLease } from './command.ts';
import { decide } from './decide.ts';
import { passedLease } from './decide-lease.ts';
import { refusalOf, type Event, type Fact } from './event.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import { NO_METADATA } from './metadata.ts';

const RULES = { amountMax: 1_000n };
const START = Date.UTC(2026, 0, 1);

let ledger: MemoryLedger;
let seq: number;
/** Milliseconds since the start. */
let now: number;

function record(command: Event['command'], fact: Fact): void {
  seq += 1;
  apply(ledger, { seq, command, fact }, START + now);
}

/** Decides and records one command, and gives what came of it. */
function tell(command: Command, ...leaseTokens: number[]): Fact {
  const mark = { principal: 'clerk', id: `command-${seq}`, hash: '0'.repeat(64) };
  const decision = decide(ledger, { ...mark, command, leaseTokens }, RULES, START + now);
  if (decision.kind !== 'decided') throw new Error('it was settled before');
  record(mark, decision.fact);
  return decision.fact;
}

function codeOf(command: Command, ...leaseTokens: number[]): string | undefined {
  return refusalOf(tell(command, ...leaseTokens))?.code;
}

const request = (id: string, more: Partial<RequestLease> = {}): RequestLease => ({
  type: 'RequestLease',
  id,
  account: 'ana',
  owner: 'test',
  ttl: 10,
  wait: 0,
  ...more,
});
const release = (lease: string, ifWaiting = false): Command => ({
  type: 'ReleaseLease',
  account: 'ana',
  lease,
  ifWaiting,
});
const transfer = (id: string, from: string, to: string): Command => ({
  type: 'PostTransfer',
  id,
  from,
  to,
  amount: 1n,
  metadata: NO_METADATA,
  condition: null,
});

/** Who holds ana, then who waits. */
const queue = () => ledger.leases('ana').map(({ id }) => id);
const tokenOf = (id: string) =>
  ledger.leases('ana').find((lease) => lease.id === id)?.token ?? null;

/** What the bank records by itself when somebody's turn has come. */
function pass(): string | undefined {
  const fact = passedLease(ledger, 'ana', START + now);
  if (fact?.type !== 'lease.passed') return undefined;
  record(null, fact);
  return fact.granted;
}

beforeEach(() => {
  ledger = createMemoryLedger();
  seq = 0;
  now = 0;
  record(null, { type: 'bank.opened', bank: 'town', version: 1 });
  for (const account of ['ana', 'bia']) {
    tell({
      type: 'OpenAccount',
      account,
      asset: 'BRL/2',
      creditLimit: 0n,
      maximumBalance: null,
      metadata: NO_METADATA,
    });
    tell({ type: 'Deposit', id: `cash-${account}`, account, amount: 100n, metadata: NO_METADATA });
  }
});

describe('the queue', () => {
  it('serves in the order of the tickets, with growing tokens', () => {
    tell(request('a'));
    for (const id of ['b', 'c']) tell(request(id, { wait: 30 }));
    expect(queue()).toEqual(['a', 'b', 'c']);
    const tokens = [tokenOf('a')];
    for (const id of ['a', 'b']) {
      tell(release(id));
      tokens.push(tokenOf(queue()[0] ?? ''));
    }
    expect(tokens).toEqual(tokens.toSorted((one, other) => Number(one) - Number(other)));
    expect(new Set(tokens).size).toBe(3);
  });

  it('passes a lease on once it ran out, not a millisecond before, to the first who still waits', () => {
    tell(request('a'));
    tell(request('lapsed', { wait: 5 }));
    tell(request('b', { wait: 30 }));
    now = 9_999;
    expect(pass()).toBeUndefined();
    now = 10_000;
    expect(pass()).toBe('b');
    expect(queue()).toEqual(['b']);
  });

  it('nobody gets in before those who wait, though the lease ran out', () => {
    tell(request('a'));
    tell(request('b', { wait: 30 }));
    now = 10_000;
    expect(codeOf(request('quick'))).toBe('account_leased');
    expect(tell(request('c', { wait: 30 }))).toMatchObject({ granted: 'b' });
    expect(queue()).toEqual(['b', 'c']);
  });

  it('a withdrawn ticket is never served; one that was granted meanwhile is not withdrawn', () => {
    tell(request('a'));
    for (const id of ['b', 'c']) tell(request(id, { wait: 30 }));
    expect(codeOf(release('b', true))).toBeUndefined();
    expect(codeOf(release('a', true))).toBe('lease_not_found');
    tell(release('a'));
    expect(queue()).toEqual(['c']);
    expect(codeOf(release('c', true))).toBe('lease_not_found');
    expect(tokenOf('c')).not.toBeNull();
  });

  it('has an end, and those whose time is over take up no place', () => {
    tell(request('a', { ttl: 600 }));
    for (let index = 1; index < LEASE_QUEUE_MAX; index += 1) tell(request(`${index}`, { wait: 5 }));
    expect(codeOf(request('one more', { wait: 30 }))).toBe('lease_queue_full');
    now = 5_000;
    expect(codeOf(request('one more', { wait: 30 }))).toBeUndefined();
    expect(queue()).toEqual(['a', 'one more']);
  });

  it('tells its leases apart by their ids', () => {
    tell(request('a'));
    expect(codeOf(request('a', { wait: 30 }))).toBe('id_taken');
    expect(codeOf(request('a', { account: 'bia' }))).toBeUndefined();
  });
});

describe('a leased account', () => {
  it('is written under the token alone, on either side', () => {
    tell(request('a'));
    const token = tokenOf('a') ?? 0;
    expect(codeOf(transfer('1', 'ana', 'bia'))).toBe('account_leased');
    expect(codeOf(transfer('2', 'bia', 'ana'))).toBe('account_leased');
    expect(codeOf(transfer('3', 'ana', 'bia'), token)).toBeUndefined();
    now = 10_000;
    expect(codeOf(transfer('4', 'ana', 'bia'), token)).toBe('lease_lost');
    expect(codeOf(transfer('5', 'ana', 'bia'))).toBeUndefined();
  });

  it('keeps what was promised before: capture, release and expiry pass', () => {
    for (const id of ['one', 'two', 'three']) {
      const hold = { from: 'ana', to: 'bia', amount: 5n, metadata: NO_METADATA, condition: null };
      tell({ type: 'PlaceHold', id, transfers: [hold], expiry: { ttl: 5 } });
    }
    tell(request('a'));
    const held = { from: 'ana', to: 'bia', amount: 5n, metadata: NO_METADATA, condition: null };
    const place: Command = { type: 'PlaceHold', id: 'four', transfers: [held], expiry: { ttl: 5 } };
    expect(codeOf(place)).toBe('account_leased');
    const transferId = '00000000-0000-7000-8000-000000000000';
    expect(codeOf({ type: 'CaptureHold', hold: 'one', amount: null, transferId })).toBeUndefined();
    expect(codeOf({ type: 'ReleaseHold', hold: 'two' })).toBeUndefined();
    now = 5_000;
    record(null, { type: 'hold.expired', hold: 'three' });
    expect(ledger.account('ana')).toMatchObject({ debitsPending: 0n, debitsPosted: 5n });
  });

  it('can be frozen by anybody who may, and is not leased any less for it', () => {
    tell(request('a'));
    expect(codeOf({ type: 'FreezeAccount', account: 'ana', reason: null })).toBeUndefined();
    expect(codeOf(transfer('1', 'ana', 'bia'), tokenOf('a') ?? 0)).toBe('account_frozen');
    expect(codeOf(transfer('2', 'bia', 'ana'))).toBe('account_leased');
  });

  it('is never one of the system’s', () => {
    expect(codeOf(request('a', { account: 'cash:BRL' }))).toBe('system_account');
  });
});
