import type { Fact } from './event.ts';
import { isHeld, settleLeases, type Lease } from './lease.ts';
import type { Ledger } from './ledger.ts';

type LeaseFact = Extract<Fact, { readonly type: `lease.${string}` }>;

/** Folds what happened to an account's leases. Throws when it can't follow what stands. */
export function applyLeaseFact(ledger: Ledger, fact: LeaseFact, seq: number, at: number): void {
  const before = ledger.leases(fact.account);
  if (fact.type === 'lease.renewed') {
    const renewed = before.map((lease) =>
      lease.id === fact.id && isHeld(lease, at) ? { ...lease, expiresAt: fact.expiresAt } : lease,
    );
    if (renewed.every((lease, index) => lease === before[index])) {
      throw new Error(`event ${seq} renews a lease that nobody holds`);
    }
    put(ledger, fact.account, renewed, seq);
    return;
  }
  const { open, granted } = settleLeases(queued(before, fact, seq), at, seq);
  if ((granted?.id ?? null) !== fact.granted) {
    throw new Error(`event ${seq} grants a lease out of turn`);
  }
  put(ledger, fact.account, open, seq);
}

/** The queue with the one who came, or without the one who left. */
function queued(
  before: readonly Lease[],
  fact: Exclude<LeaseFact, { readonly type: 'lease.renewed' }>,
  seq: number,
): readonly Lease[] {
  switch (fact.type) {
    case 'lease.requested': {
      const { id, account, owner, ttl, waitUntil } = fact;
      const asked = { id, account, owner, ttl, waitUntil, ticket: seq };
      return [...before, { ...asked, token: null, expiresAt: null }];
    }
    case 'lease.released': {
      const left = before.filter(({ id }) => id !== fact.id);
      if (left.length === before.length) throw new Error(`event ${seq} releases an unknown lease`);
      return left;
    }
    case 'lease.passed':
      return before;
  }
}

/** The account's row carries the lease that is held, so that every command sees it. */
function put(ledger: Ledger, id: string, open: readonly Lease[], seq: number): void {
  const account = ledger.account(id);
  if (account === undefined) throw new Error(`event ${seq} leases an unknown account`);
  ledger.putLeases(id, open);
  const held = open.find(({ token }) => token !== null);
  const leaseToken = held?.token ?? null;
  const leaseUntil = held?.expiresAt ?? null;
  if (account.leaseToken === leaseToken && account.leaseUntil === leaseUntil) return;
  ledger.putAccount({ ...account, leaseToken, leaseUntil, version: account.version + 1 });
}
