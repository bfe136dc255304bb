import type { HoldRequest, TransferRequest } from '@lastro/contract';
import type { Chance } from '../faults/fixtures/random.ts';
import { NO_LEASE, type CommandRequest, type DepthRequest, type WriteRequest } from './request.ts';

// Random requests about holds, corrections, the life of accounts, and leases. Most of them are about
// one of the last few things that somebody asked for, so that several want the same.

/** What a random request is made of. */
export interface Drawing {
  readonly chance: Chance;
  uuid(): string;
  account(): string;
  amount(): number;
  /** The ids that clients gave to the last few things of a kind, whether they came about or not. */
  recent(resource: WriteRequest['resource']): readonly string[];
  /** The last few requests for a lease. */
  leases(): readonly LeaseDrawn[];
}

export interface LeaseDrawn {
  readonly account: string;
  readonly lease: string;
}

/** The id or the key of a command; one of the two. */
export interface Named {
  readonly id?: string;
  readonly key: string | null;
}

/** Accounts that are leased and frozen now and then; the others stay fit for whatever must occur. */
const UNSTEADY = ['bia', 'caio', 'caio', 'eva'];
const CLOSABLE = ['eva', 'rui', 'lia', 'caio'];

export const DEPTH_KINDS = [
  'holds',
  'holds',
  'holds',
  'capture',
  'capture',
  'release',
  'extend',
  'reversal',
  'reversal',
  'whole reversal',
  'cancel',
  'leases',
  'renew',
  'give back',
  'give back',
] as const;

export const LIFE_KINDS = ['limits', 'limits', 'freeze', 'unfreeze', 'close', 'reopen'] as const;

type DepthKind = (typeof DEPTH_KINDS)[number] | (typeof LIFE_KINDS)[number];

/** What takes its id from the `Idempotency-Key` alone, and leases. */
type KeyedKind = (typeof LIFE_KINDS)[number] | 'leases' | 'renew' | 'give back';

export function isDepthKind(kind: string): kind is DepthKind {
  return [...DEPTH_KINDS, ...LIFE_KINDS].some((one) => one === kind);
}

export function depthRequest(
  draw: Drawing,
  kind: DepthKind,
  { id, key }: Named,
  byAdmin: boolean,
): CommandRequest {
  const given = id === undefined ? {} : { id };
  const base = { key, flaw: null };
  const maybe = (share: number) => draw.chance.next() < share;
  const one = (ids: readonly string[]) =>
    ids.length === 0 || maybe(0.03) ? draw.uuid() : draw.chance.pick(ids);
  if (isKeyed(kind)) return keyed(draw, kind, id ?? key ?? draw.uuid());
  switch (kind) {
    case 'holds':
      return { ...base, ...promise(draw, given) };
    case 'capture': {
      const part = maybe(0.3) ? { amount: 1 + draw.chance.below(20) } : {};
      const hold = one(draw.recent('holds'));
      return { resource: kind, hold, body: { ...given, ...part }, ...base };
    }
    case 'release':
      return { resource: kind, hold: one(draw.recent('holds')), body: given, ...base };
    case 'extend': {
      const body = { ...given, ttl: draw.chance.pick([1, 5, 60]) };
      return { resource: kind, hold: one(draw.recent('holds')), body, ...base };
    }
    case 'reversal': {
      const part = maybe(0.5) ? { amount: 1 + draw.chance.below(20) } : {};
      const made = draw.chance.pick(['transfers', 'transfers', 'deposits', 'capture'] as const);
      const reverses = one(draw.recent(made));
      return { resource: kind, reverses, byAdmin, body: { ...given, ...part }, ...base };
    }
    case 'whole reversal': {
      const made = draw.chance.pick(['transactions', 'transactions', 'holds', 'orders'] as const);
      return { resource: kind, reverses: one(draw.recent(made)), body: given, ...base };
    }
    case 'cancel':
      return { resource: kind, order: one(draw.recent('orders')), body: given, ...base };
  }
}

function isKeyed(kind: DepthKind): kind is KeyedKind {
  return [...LIFE_KINDS, 'leases', 'renew', 'give back'].some((one) => one === kind);
}

function promise(
  draw: Drawing,
  given: { id?: string },
): Extract<DepthRequest, { readonly resource: 'holds' }> & Pick<CommandRequest, 'under'> {
  const { chance } = draw;
  const expiry = { ttl: chance.pick([1, 1, 2, 60]) };
  const leg = () => {
    const [from, to] = [draw.account(), draw.account()];
    return { from, to, amount: draw.amount(), ...conditions(chance) };
  };
  if (chance.next() < 0.7) {
    const { under, ...single } = underLease(draw, leg());
    return { resource: 'holds', body: { ...given, ...single, ...expiry }, ...under };
  }
  const transfers = Array.from({ length: 1 + chance.below(3) }, leg);
  const body: HoldRequest = { ...given, transfers, ...expiry };
  return { resource: 'holds', body };
}

/** Now and then under somebody’s lease of the account that it leaves, or under none that there is. */
export function underLease<Wanted extends { readonly from: string }>(
  draw: Drawing,
  wanted: Wanted,
): Wanted & { readonly under?: Pick<CommandRequest, 'under'> } {
  const { chance } = draw;
  const leases = draw.leases();
  const way = chance.next();
  if (way < 0.01) return { ...wanted, under: { under: [NO_LEASE] } };
  if (way > 0.12 || leases.length === 0) return wanted;
  const { account, lease } = chance.pick(leases);
  return { ...wanted, from: account, under: { under: [lease] } };
}

/** Now and then what must hold of the account that it leaves. */
export function conditions(
  chance: Chance,
): Pick<TransferRequest, 'ifVersion' | 'ifBalanceAtLeast'> {
  const way = chance.next();
  if (way < 0.03) return { ifVersion: 1 + chance.below(60) };
  return way < 0.1 ? { ifBalanceAtLeast: chance.below(80) - 40 } : {};
}

/** What takes its id from the `Idempotency-Key` alone, and leases, whose id others must know. */
function keyed(draw: Drawing, kind: KeyedKind, key: string): CommandRequest {
  const { chance } = draw;
  const base = { key, flaw: null };
  const drawn = draw.leases();
  const some = drawn.length > 0 ? chance.pick(drawn) : { account: 'bia', lease: draw.uuid() };
  const under = chance.next() < 0.2 ? { under: [some.lease] } : {};
  switch (kind) {
    case 'limits': {
      const body =
        chance.next() < 0.5
          ? { creditLimit: chance.pick([0, 20, 50]) }
          : { maximumBalance: chance.pick([null, null, 300, 50]) };
      const version = chance.next() < 0.2 ? 1 + chance.below(60) : null;
      return { resource: kind, account: chance.pick(UNSTEADY), version, body, ...base };
    }
    case 'freeze':
    case 'unfreeze': {
      const body = chance.next() < 0.3 ? { reason: 'a court says so' } : {};
      return { resource: kind, account: chance.pick(UNSTEADY), body, ...base };
    }
    case 'close':
    case 'reopen':
      return { resource: kind, account: chance.pick(CLOSABLE), body: {}, ...base };
    case 'leases': {
      const wait = chance.next() < 0.6 ? { wait: 1 } : {};
      const id = /^[0-9a-f-]{36}$/.test(key) ? key : draw.uuid();
      const body = { id, owner: 'robot', ttl: 1 + chance.below(2), ...wait };
      return { resource: kind, account: chance.pick(UNSTEADY), body, key: null, flaw: null };
    }
    case 'renew':
      return { resource: kind, ...some, body: { ttl: 1 + chance.below(2) }, ...base, ...under };
    case 'give back':
      return { resource: kind, ...some, body: {}, ...base, ...under };
  }
}
