import {
  HOLD_TTL_MAX_SECONDS,
  LEASE_TTL_MAX_SECONDS,
  consortium,
  postedTransfers,
  type Fact,
  type HoldLeg,
  type LedgerView,
} from '@lastro/core';

/**
 * The rules of time and status that a fact breaks, one sentence each, judged on the ledger before it.
 * `at`: the block's time, milliseconds since 1970.
 */
export function momentBreaches(fact: Fact, view: LedgerView, at: number): readonly string[] {
  return [...timeBreaches(fact, view, at), ...statusBreaches(fact, view)];
}

function timeBreaches(fact: Fact, view: LedgerView, at: number): readonly string[] {
  if (fact.type === 'hold.placed') return expiryBreaches(fact.expiresAt, at);
  if (fact.type === 'hold.released') return pendingBreaches(fact.hold, view, at);
  if (fact.type === 'hold.captured') {
    const legs = view.hold(fact.hold)?.legs ?? [];
    const isWhole = legs.every(({ amount }, index) => fact.transfers[index]?.amount === amount);
    return [
      ...pendingBreaches(fact.hold, view, at),
      ...(legs.length < 2 || isWhole ? [] : ['a group is captured as a whole']),
    ];
  }
  if (fact.type === 'hold.extended') {
    const before = view.hold(fact.hold)?.expiresAt ?? at;
    return [
      ...pendingBreaches(fact.hold, view, at),
      ...expiryBreaches(fact.expiresAt, at),
      ...(fact.expiresAt > before ? [] : ['an extended hold expires later than before']),
    ];
  }
  if (fact.type === 'lease.requested') {
    return fact.waitUntil > at ? [] : ['who asks for a lease is there to get it'];
  }
  if (fact.type === 'lease.renewed') {
    const isWithin = fact.expiresAt > at && fact.expiresAt <= at + LEASE_TTL_MAX_SECONDS * 1_000;
    return isWithin ? [] : ['a lease lasts 1 to 600 s'];
  }
  return [];
}

function expiryBreaches(expiresAt: number, at: number): readonly string[] {
  const isWithin = expiresAt > at && expiresAt <= at + HOLD_TTL_MAX_SECONDS * 1_000;
  return isWithin ? [] : ['a hold expires within 90 days'];
}

/** From its expiry on a hold can only expire, be that recorded yet or not. */
function pendingBreaches(id: string, view: LedgerView, at: number): readonly string[] {
  const hold = view.hold(id);
  return hold === undefined || hold.expiresAt === null || at < hold.expiresAt
    ? []
    : ['a hold that is due only expires'];
}

/** What was promised is kept by whatever status the accounts have got since. */
function statusBreaches(fact: Fact, view: LedgerView): readonly string[] {
  if (fact.type === 'hold.captured' || fact.type === 'crossbank.committed') return [];
  const moved: readonly Pick<HoldLeg, 'from' | 'to'>[] =
    fact.type === 'hold.placed'
      ? fact.transfers
      : fact.type === 'crossbank.prepared'
        ? consortium.localTransfers(view.bank, fact.body)
        : postedTransfers(fact);
  return moved.flatMap(({ from, to }) => [
    ...((view.account(from)?.status ?? 'open') === 'open'
      ? []
      : [`nothing new leaves ${from}, which is ${view.account(from)?.status}`]),
    ...(view.account(to)?.status === 'closed' ? [`nothing arrives on ${to}, which is closed`] : []),
  ]);
}
