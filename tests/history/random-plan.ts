import type { BatchRequest, TransferRequest } from '@lastro/contract';
import { flawed, provocations } from './provocations.ts';
import {
  conditions,
  DEPTH_KINDS,
  depthRequest,
  isDepthKind,
  LIFE_KINDS,
  underLease,
  type Drawing,
  type LeaseDrawn,
} from './random-depth.ts';
import { CALLERS, product, TOO_MUCH, type CallerName } from './small-world.ts';
import type { Chance } from '../faults/fixtures/random.ts';
import type { Cut } from './recorder.ts';
import {
  chosenId,
  type BatchOfTransfers,
  type CommandRequest,
  type ReadRequest,
  type Request,
  type WriteRequest,
} from './request.ts';

// Random requests in so small a world that they meet: few accounts and products, ids that come
// back. All of it is drawn before the first is sent, so a seed gives the same requests again.

/** One request and how it is sent. */
export interface Step {
  readonly caller: CallerName;
  readonly request: Request;
  /** How many times at once. */
  readonly copies: number;
  /** When the client cuts the connection; null: it waits for the answer. */
  readonly cut: Cut | null;
  /** Which server gets the first copy, of however many there are; the others follow. */
  readonly server: number;
}

const ACCOUNTS = ['ana', 'bia', 'caio', 'shop', 'mill', 'ana', 'bia', 'shop'];
const STRANGE_ACCOUNTS = ['usd', 'dora', 'ghost', 'cash:BRL', 'stock:tea', 'eva', 'rui', 'ice'];
const NEW_ACCOUNTS = ['eva', 'rui', 'lia', 'noa', 'ana'];
const PRODUCTS = ['tea', 'pen', 'tea', 'pen', 'import', 'book'];
const NEW_PRODUCTS = ['book', 'cup', 'hat', 'tea'];
/** How many of the last requests are remembered, to be sent again or to lend their ids. */
const EARLIER_MAX = 400;
/** How many of the last things of a kind are wanted again. */
const RECENT_MAX = 6;
const WRITERS: readonly CallerName[] = ['admin', 'clerk', 'app', 'till'];
export interface Plan {
  readonly clients: readonly (readonly Step[])[];
  /** Sent among the others, and again when all is quiet, so that each is answered at least once. */
  readonly provoking: readonly Step[];
}

/** The steps of each client; what must occur is within the first `least`. */
export function randomPlan(chance: Chance, clients: number, most: number, least: number): Plan {
  const draw = new Draw(chance);
  const plan: Step[][] = Array.from({ length: clients }, () => []);
  // Step after step and not client after client, so that what is wanted again is so by all at once.
  for (let drawn = 0; drawn < most; drawn += 1) {
    for (const [client, own] of plan.entries()) {
      own.push(draw.step(WRITERS[client % WRITERS.length] ?? 'admin'));
    }
  }
  const wanted = [...provocations(draw), ...flawed(draw)];
  const provoking = wanted.map(([caller, request]) => draw.sent(caller, request));
  for (const step of provoking) chance.pick(plan).splice(chance.below(least), 0, step);
  return { clients: plan, provoking };
}

interface Identity {
  readonly id: string | undefined;
  readonly key: string | null;
}

class Draw implements Drawing {
  readonly chance: Chance;
  readonly #earlier: { readonly caller: CallerName; readonly request: WriteRequest }[] = [];
  #keys = 0;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  step(caller: CallerName): Step {
    if (this.chance.next() < 0.3) {
      const reader = this.chance.next() < 0.3 ? 'eye' : caller;
      return this.sent(reader, this.#read(caller));
    }
    const again = this.#earlierOf((one) => one === caller);
    if (again !== undefined && this.chance.next() < 0.07) return this.sent(caller, again);
    const request = this.#write(caller);
    this.#earlier.push({ caller, request });
    if (this.#earlier.length > EARLIER_MAX) this.#earlier.shift();
    return this.sent(caller, request);
  }

  sent(caller: CallerName, request: Request): Step {
    const chance = this.chance;
    return {
      caller,
      request,
      copies: chance.next() < 0.1 ? 2 : 1,
      cut: chance.next() < 0.05 ? this.#cut() : null,
      server: chance.below(1_000),
    };
  }

  #cut(): Cut {
    return this.#maybe(0.3) ? 'midway' : this.chance.next() * 6;
  }

  uuid(): string {
    const digits = Array.from({ length: 32 }, () => this.chance.below(16).toString(16)).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  key(): string {
    this.#keys += 1;
    return `key-${String(this.#keys).padStart(6, '0')}`;
  }

  #write(caller: CallerName): WriteRequest {
    const isAdmin = CALLERS.some(({ name, scope }) => name === caller && scope === 'admin');
    const kinds = isAdmin ? ADMIN_KINDS : WRITE_KINDS;
    const kind = this.chance.pick(kinds);
    const identity = this.#identity(caller);
    if (isDepthKind(kind)) {
      const named = { ...given(identity), ...keyed(this, identity) };
      return depthRequest(this, kind, named, isAdmin);
    }
    switch (kind) {
      case 'transfers': {
        const { under, ...body } = underLease(this, this.#transfer(identity));
        return { resource: kind, body, ...plain(identity), ...under };
      }
      case 'deposits':
      case 'withdrawals': {
        const body = { ...given(identity), account: this.account(), amount: this.amount() };
        return { resource: kind, body: { ...body, ...this.#note(identity) }, ...plain(identity) };
      }
      case 'batch':
        return this.#batch();
      case 'transactions': {
        const count = 1 + this.chance.below(4);
        const transfers = Array.from({ length: count }, () =>
          this.#transfer({ id: this.#maybe(0.5) ? this.uuid() : undefined, key: '' }),
        );
        const key = identity.id === undefined ? (identity.key ?? this.key()) : identity.key;
        return { resource: kind, body: { ...given(identity), transfers }, key, flaw: null };
      }
      case 'orders':
        return this.#order(identity);
      case 'accounts': {
        const asset = this.#maybe(0.9) ? 'BRL/2' : 'USD/2';
        if (this.#maybe(0.3)) {
          const body = { asset, ...this.#note({ id: undefined, key: null }) };
          return { resource: kind, body, key: identity.key, flaw: null };
        }
        const id = this.chance.pick(NEW_ACCOUNTS);
        const creditLimit = this.chance.pick([0, 0, 30]);
        return { resource: kind, body: { id, asset, creditLimit }, key: null, flaw: null };
      }
      case 'products': {
        const stock = this.chance.below(10);
        const [sku, price] = [this.chance.pick(NEW_PRODUCTS), this.chance.below(6)];
        const made = product(sku, price, 'BRL/2', this.#maybe(0.5) ? 'shop' : null, stock);
        return { ...made, key: identity.key ?? this.key() };
      }
      case 'change': {
        const body = this.#maybe(0.5)
          ? { price: this.chance.below(8) }
          : { name: `Chá nº ${this.chance.below(9)} 🍵`, price: this.chance.below(8) };
        const version = 1 + this.chance.below(6);
        const sku = this.chance.pick(PRODUCTS);
        return { resource: kind, sku, version, body, key: identity.key ?? this.key(), flaw: null };
      }
      case 'receipts': {
        const body = { ...given(identity), quantity: 1 + this.chance.below(12) };
        return { resource: kind, sku: this.chance.pick(PRODUCTS), body, ...keyed(this, identity) };
      }
      case 'adjustments': {
        const quantity = this.chance.pick([-5, -2, -1, 1, 2]);
        const body = { ...given(identity), quantity, reason: 'counted' };
        return { resource: kind, sku: this.chance.pick(PRODUCTS), body, ...keyed(this, identity) };
      }
    }
  }

  #order(identity: Identity): CommandRequest {
    const count = 1 + this.chance.below(3);
    const lines = Array.from({ length: count }, () => ({
      sku: this.chance.pick(PRODUCTS),
      quantity: 1 + this.chance.below(4),
    }));
    const expected = this.#maybe(0.15) ? { expectedTotal: this.chance.below(30) } : {};
    const [customer, merchant] = [this.account(), this.#maybe(0.85) ? 'shop' : this.account()];
    const body = { ...given(identity), customer, merchant, lines, ...expected };
    return { resource: 'orders', body, ...keyed(this, identity) };
  }

  #batch(): BatchOfTransfers {
    const count = 1 + this.chance.below(5);
    const isKeyed = this.#maybe(0.4);
    const transfers: BatchRequest['transfers'] = Array.from({ length: count }, () =>
      this.#transfer({ id: isKeyed ? undefined : this.uuid(), key: '' }),
    );
    const [first, second] = transfers;
    // The same transfer twice in one batch, or another one under its id.
    if (first?.id !== undefined && second !== undefined && this.#maybe(0.2)) {
      transfers[1] = this.#maybe(0.5) ? first : { ...second, id: first.id };
    }
    return { resource: 'batch', body: { transfers }, key: isKeyed ? this.key() : null, flaw: null };
  }

  #transfer(identity: Identity): TransferRequest {
    const [from, to] = [this.account(), this.account()];
    const body = { ...given(identity), from, to, amount: this.amount() };
    return { ...body, ...conditions(this.chance), ...this.#note(identity) };
  }

  /** Whoever leaves the id to the bank says something that nobody else says. */
  #note({ id, key }: Identity): { metadata?: Record<string, string> } {
    if (id === undefined && key === null) return { metadata: { note: this.key(), a: '"' } };
    return this.#maybe(0.2) ? { metadata: { b: '\u2028', a: 'lunch' } } : {};
  }

  #identity(caller: CallerName): Identity {
    const way = this.chance.next();
    const reused = this.#earlierOf((one) => one === caller);
    const others = this.#earlierOf((one) => one !== caller);
    const known = way < 0.05 ? reused : way < 0.1 ? others : undefined;
    const id = known === undefined || known.resource === 'batch' ? null : chosenId(known);
    if (id !== null) return UUID.test(id) ? { id, key: null } : { id: undefined, key: keyLike(id) };
    if (way < 0.75) return { id: this.uuid(), key: null };
    return { id: undefined, key: way < 0.95 ? this.key() : null };
  }

  #earlierOf(isWanted: (caller: CallerName) => boolean): WriteRequest | undefined {
    const found = this.#earlier.filter(({ caller }) => isWanted(caller));
    return found.length === 0 ? undefined : this.chance.pick(found).request;
  }

  #read(caller: CallerName): ReadRequest {
    const chance = this.chance;
    const resource = chance.pick(READS);
    switch (resource) {
      case 'account':
      case 'entries':
        return { resource, id: this.#maybe(0.9) ? this.account() : chance.pick(NEW_ACCOUNTS) };
      case 'product':
        return { resource, id: this.#maybe(0.9) ? chance.pick(PRODUCTS) : 'ghost' };
      case 'order':
      case 'transfer':
      case 'transaction':
      case 'hold': {
        const id = this.#idOf(RESOURCES_OF[resource]);
        return id === undefined ? { resource: 'trial balance' } : { resource, id };
      }
      case 'command': {
        const found = this.#earlierOf((one) => one === caller);
        const id = found === undefined || found.resource === 'batch' ? null : chosenId(found);
        return { resource, id: id ?? this.uuid() };
      }
      case 'events':
        return { resource, after: chance.below(300) - 1, limit: chance.pick([1, 20, 1000]) };
      case 'order list':
      case 'transfer list':
      case 'product list':
      case 'hold list':
        return { resource, limit: chance.pick([3, 20]) };
      case 'lease list':
        return { resource, id: chance.pick(['bia', 'caio', 'eva']) };
      case 'trial balance':
      case 'consistency':
        return { resource };
    }
  }

  /** The id of something that may have been made by then, or may be later. */
  #idOf(resource: WriteRequest['resource']): string | undefined {
    const uuids = this.#idsOf(resource);
    return uuids.length === 0 ? undefined : this.chance.pick(uuids.slice(-40));
  }

  /** The ids that clients gave to what they asked for. */
  #idsOf(resource: WriteRequest['resource']): readonly string[] {
    const found = this.#earlier.filter(({ request }) => request.resource === resource);
    const ids = found.flatMap(({ request }) =>
      request.resource === 'batch' || !('id' in request.body) ? [] : [request.body.id],
    );
    return ids.filter((id) => id !== undefined);
  }

  recent(resource: WriteRequest['resource']): readonly string[] {
    const ids = this.#idsOf(resource);
    return ids.slice(-RECENT_MAX);
  }

  leases(): readonly LeaseDrawn[] {
    const drawn = this.#earlier.flatMap(({ request }) => {
      if (request.resource !== 'leases' || request.body.id === undefined) return [];
      return [{ account: request.account, lease: request.body.id }];
    });
    return drawn.slice(-RECENT_MAX);
  }

  account(): string {
    return this.chance.pick(this.#maybe(0.1) ? STRANGE_ACCOUNTS : ACCOUNTS);
  }

  amount(): number {
    return this.#maybe(0.03) ? TOO_MUCH : 1 + this.chance.below(40);
  }

  #maybe(share: number): boolean {
    return this.chance.next() < share;
  }
}

const WRITE_KINDS = [
  'transfers',
  'transfers',
  'transfers',
  'batch',
  'transactions',
  'orders',
  'orders',
  'orders',
  'accounts',
  ...DEPTH_KINDS,
] as const;

const ADMIN_KINDS = [
  ...WRITE_KINDS,
  'deposits',
  'deposits',
  'withdrawals',
  'products',
  'change',
  'change',
  'receipts',
  'receipts',
  'adjustments',
  ...LIFE_KINDS,
] as const;

const READS = [
  'account',
  'account',
  'entries',
  'product',
  'product',
  'order',
  'transfer',
  'transaction',
  'hold',
  'hold',
  'command',
  'events',
  'order list',
  'transfer list',
  'product list',
  'hold list',
  'lease list',
  'trial balance',
  'trial balance',
  'consistency',
] as const;

const RESOURCES_OF = {
  order: 'orders',
  transfer: 'transfers',
  transaction: 'transactions',
  hold: 'holds',
} as const;

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Account ids are command ids, too, and too short for a key. */
function keyLike(id: string): string {
  return id.padStart(8, '-');
}

function given({ id }: Identity): { id?: string } {
  return id === undefined ? {} : { id };
}

function plain({ key }: Identity) {
  return { key, flaw: null };
}

/** For what can't tell itself apart without an id or a key. */
function keyed(draw: Draw, { id, key }: Identity) {
  return { key: id === undefined ? (key ?? draw.key()) : key, flaw: null };
}
