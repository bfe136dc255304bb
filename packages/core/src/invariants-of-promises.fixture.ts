import type { Event, Fact } from './event.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import type { Happened } from './town.fixture.ts';
import type { PostedTransfer } from './transfer.ts';

// What must hold of holds, corrections and leases, one sentence for each that doesn't.

/** I1: what is pending on an account is what the pending holds take from it or bring to it. */
export function pendings({ accounts, holds }: MemoryLedger): string[] {
  const legs = [...holds.values()].filter(({ end }) => end === null).flatMap((hold) => hold.legs);
  return [...accounts.values()].flatMap(({ id, debitsPending, creditsPending }) => {
    const sum = (side: 'from' | 'to') =>
      legs.reduce((all, leg) => (leg[side] === id ? all + leg.amount : all), 0n);
    const broken: string[] = [];
    if (debitsPending !== sum('from')) broken.push(`I1: ${id} owes other than its holds promise`);
    if (creditsPending !== sum('to')) broken.push(`I1: ${id} expects other than its holds promise`);
    return broken;
  });
}

/** A hold ends once; what was captured is what was promised, or of one alone a part. */
export function holdEnds({ holds }: MemoryLedger, journal: readonly Happened[]): string[] {
  const broken: string[] = [];
  const ended = new Map<string, Event>();
  for (const { event, at } of journal) {
    const { fact } = event;
    if (!isHoldEnd(fact)) continue;
    if (ended.has(fact.hold)) broken.push(`I4: hold ${fact.hold} ended twice`);
    ended.set(fact.hold, event);
    const hold = holds.get(fact.hold);
    const isLate = hold !== undefined && hold.expiresAt !== null && hold.expiresAt <= at;
    if (isLate !== (fact.type === 'hold.expired')) {
      broken.push(`I4: hold ${fact.hold} ended by ${fact.type} at the wrong time`);
    }
    if (fact.type !== 'hold.captured' || hold === undefined) continue;
    const text = (one: { from: string; to: string; amount: bigint }) =>
      `${one.from} ${one.to} ${one.amount}`;
    const [only, ...more] = fact.transfers;
    const isPart =
      only !== undefined &&
      more.length === 0 &&
      hold.legs.length === 1 &&
      hold.legs.every((leg) => only.amount > 0n && only.amount <= leg.amount);
    const isWhole = hold.legs.map(text).join() === fact.transfers.map(text).join();
    if (!isPart && !isWhole) broken.push(`I4: hold ${fact.hold} was captured otherwise`);
  }
  for (const { id, end, owner } of holds.values()) {
    // Those that a cross-bank transaction owns end with it.
    if (owner !== null) continue;
    const recorded = ended.get(id)?.seq ?? null;
    if (recorded !== (end?.seq ?? null)) broken.push(`I4: hold ${id} ended unrecorded`);
  }
  return broken;
}

type HoldEndFact = Extract<
  Fact,
  { readonly type: 'hold.captured' | 'hold.released' | 'hold.expired' }
>;

function isHoldEnd(fact: Fact): fact is HoldEndFact {
  return ['hold.captured', 'hold.released', 'hold.expired'].includes(fact.type);
}

/** A transfer is moved back the other way, never more of it than it was, and of a group all or none. */
export function reversals({ transfers, reversals: kept }: MemoryLedger): string[] {
  const back = new Map<string, PostedTransfer[]>();
  const broken: string[] = [];
  for (const { transfer: id, reverses, amount } of kept.values()) {
    const [original, transfer] = [transfers.get(reverses), transfers.get(id)];
    if (original === undefined || transfer === undefined) {
      broken.push(`I4: ${id} moves nothing back`);
      continue;
    }
    const isOpposite = transfer.from === original.to && transfer.to === original.from;
    if (!isOpposite || transfer.amount !== amount || transfer.asset !== original.asset) {
      broken.push(`I4: ${id} doesn't move ${reverses} back`);
    }
    back.set(reverses, [...(back.get(reverses) ?? []), transfer]);
  }
  for (const [reverses, parts] of back) {
    const original = transfers.get(reverses);
    const sum = parts.reduce((all, { amount }) => all + amount, 0n);
    if (original === undefined) continue;
    if (sum > original.amount) broken.push(`I4: more than ${reverses} was moved back`);
    if (original.transaction === null) continue;
    const group = [...transfers.values()].filter(
      ({ transaction }) => transaction === original.transaction,
    );
    const isWhole = group.every(({ id, amount }) => {
      const [only, ...more] = back.get(id) ?? [];
      return only?.amount === amount && more.length === 0 && only.seq === parts[0]?.seq;
    });
    if (!isWhole) broken.push(`I4: ${original.transaction} was reversed in part`);
  }
  return broken;
}

/** What took an order back is its transfers the other way, in one event. */
export function cancellations(ledger: MemoryLedger): string[] {
  const moves = (group: string, isBack: boolean) =>
    [...ledger.transfers.values()]
      .filter(({ transaction }) => transaction === group)
      .map(({ from, to, amount }) => `${isBack ? `${to} ${from}` : `${from} ${to}`} ${amount}`)
      .join();
  return [...ledger.cancellations.values()]
    .filter(({ order, id }) => {
      const isCompleted = ledger.orders.get(order)?.status === 'completed';
      return !isCompleted || moves(order, false) !== moves(id, true);
    })
    .map(({ order }) => `I4: order ${order} was not cancelled as a whole`);
}

/** One lease at most is held, its account knows, and they are granted in the order of asking. */
export function leases(
  { accounts, openLeases }: MemoryLedger,
  journal: readonly Happened[],
): string[] {
  const broken: string[] = [];
  for (const [account, open] of openLeases) {
    const held = open.filter(({ token }) => token !== null);
    if (held.length > 1) broken.push(`leases: ${account} is leased to several`);
    const [token = null, until = null] = held.flatMap((lease) => [lease.token, lease.expiresAt]);
    const row = accounts.get(account);
    if (row?.leaseToken !== token || row.leaseUntil !== until) {
      broken.push(`leases: ${account} doesn't know who leases it`);
    }
  }
  const tickets = new Map<string, number>();
  const lastServed = new Map<string, number>();
  for (const { event } of journal) {
    const { fact, seq } = event;
    if (fact.type === 'lease.requested') tickets.set(fact.id, seq);
    if (!('granted' in fact) || fact.granted === null) continue;
    const ticket = tickets.get(fact.granted) ?? 0;
    if (ticket <= (lastServed.get(fact.account) ?? 0)) {
      broken.push(`leases: ${fact.granted} was served out of turn`);
    }
    lastServed.set(fact.account, ticket);
    const open = openLeases.get(fact.account)?.find(({ id }) => id === fact.granted);
    if (open !== undefined && open.token !== seq) {
      broken.push(`leases: the token of ${fact.granted} is not its event's`);
    }
  }
  return broken;
}
