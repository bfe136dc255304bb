import { LEASE_QUEUE_MAX, LEASE_TTL_MAX_SECONDS } from './bounds.ts';
import type { ReleaseLease, RenewLease, RequestLease } from './command.ts';
import { clientAccount, isAccount } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import type { Fact } from './event.ts';
import { isHeld, isOpen, settleLeases, type Lease } from './lease.ts';
import type { LedgerView } from './ledger.ts';
import type { Terms } from './terms.ts';

/** Grants the lease when nobody holds it and nobody waits before; else a place in the queue. */
export function decideRequestLease(view: LedgerView, command: RequestLease, terms: Terms): Ruling {
  const { id, owner, ttl, wait } = command;
  const account = clientAccount(view, command.account);
  if (!isAccount(account)) return account;
  assertTtl(ttl);
  const open = openLeases(view, account.id, terms.at);
  if (open.length >= LEASE_QUEUE_MAX) return { code: 'lease_queue_full', account: account.id };
  if (open.some((lease) => lease.id === id)) return { code: 'id_taken' };
  const asked = requestedLease(command, 0, terms.at);
  // Which number the event will get doesn't change whose turn it is.
  const granted = settleLeases([...open, asked], terms.at, 0).granted?.id ?? null;
  if (granted !== id && wait === 0) return { code: 'account_leased', account: account.id };
  return {
    type: 'lease.requested',
    account: account.id,
    id,
    owner,
    ttl,
    waitUntil: asked.waitUntil,
    granted,
  };
}

/** A request as it stands in the queue. One that waits for nothing is still alive at `at` itself. */
function requestedLease(
  request: Pick<RequestLease, 'id' | 'account' | 'owner' | 'ttl' | 'wait'>,
  ticket: number,
  at: number,
): Lease {
  const { id, account, owner, ttl, wait } = request;
  const waitUntil = at + Math.max(1, wait * 1_000);
  return { id, account, owner, ttl, ticket, waitUntil, token: null, expiresAt: null };
}

export function decideRenewLease(view: LedgerView, command: RenewLease, terms: Terms): Ruling {
  assertTtl(command.ttl);
  const lease = view.leases(command.account).find(({ id }) => id === command.lease);
  if (lease === undefined || !isHeld(lease, terms.at)) return { code: 'lease_not_found' };
  const expiresAt = terms.at + command.ttl * 1_000;
  return { type: 'lease.renewed', account: lease.account, id: lease.id, expiresAt };
}

/** One that is held, or that waits; the next whose turn it is gets it in the same event. */
export function decideReleaseLease(view: LedgerView, command: ReleaseLease, terms: Terms): Ruling {
  const open = openLeases(view, command.account, terms.at);
  const lease = open.find(({ id }) => id === command.lease);
  if (lease === undefined) return { code: 'lease_not_found' };
  if (lease.token !== null && command.ifWaiting === true) return { code: 'lease_not_found' };
  const others = open.filter(({ id }) => id !== lease.id);
  const granted = settleLeases(others, terms.at, 0).granted?.id ?? null;
  return { type: 'lease.released', account: lease.account, id: lease.id, granted };
}

/**
 * What the bank records by itself when a lease ran out and somebody waits for it; undefined when
 * nobody's turn has come.
 */
export function passedLease(view: LedgerView, account: string, at: number): Fact | undefined {
  const { granted } = settleLeases(view.leases(account), at, 0);
  return granted && { type: 'lease.passed', account, granted: granted.id };
}

/** Without those that are over, be that recorded yet or not: an answer must not depend on it. */
function openLeases(view: LedgerView, account: string, at: number): readonly Lease[] {
  return view.leases(account).filter((lease) => isOpen(lease, at));
}

function assertTtl(ttl: number): void {
  if (!Number.isInteger(ttl) || ttl < 1 || ttl > LEASE_TTL_MAX_SECONDS) {
    throw new Error(`a lease of ${ttl} s passed the contract`);
  }
}
