import type { EventAnswer } from '@lastro/contract';
import { AMOUNT_MAX_DEFAULT, type Command, type Envelope, type Refusal } from '@lastro/core';
import { Notebook, type Move } from '../../packages/core/src/model.fixture.ts';
import { expectedFact, refusedFact, type ExpectedFact } from './expected-fact.ts';
import {
  valueAt,
  type Body,
  type Line,
  type PlaceLine,
  type PlaceState,
  type ProductLine,
} from './lines.ts';
import { Queues } from './queues.ts';

// What the slow model of core says, event after event, kept so that any moment can be looked at
// again. Balances, refusals and prices are the model's; nothing here comes from `decide`, `apply`
// or the server.

export interface Settlement {
  readonly seq: number;
  readonly at: string;
  readonly command: Command;
  /** Undefined: accepted. */
  readonly refusal: Refusal | undefined;
  readonly fact: ExpectedFact;
}

export class Timeline {
  readonly places = new Map<string, PlaceLine>();
  readonly products = new Map<string, ProductLine>();
  readonly transfers = new Map<string, Line>();
  readonly transactions = new Map<string, Line>();
  readonly orders = new Map<string, Line>();
  readonly holds = new Map<string, Line>();
  readonly queues = new Queues();
  readonly #notebook = new Notebook(AMOUNT_MAX_DEFAULT);

  /** Lets the model settle the command of this event; undefined when it says that it was settled before. */
  settle(envelope: Envelope, event: EventAnswer): Settlement | undefined {
    const { pages } = this.#notebook;
    const { seq, at } = event;
    const { command } = envelope;
    const before = this.#lengths();
    const answer = this.#notebook.answer(envelope, { at: Date.parse(at), seq });
    if (answer.is === 'repeated' || answer.is === 'reused') return undefined;
    if (answer.is === 'refused') {
      const isKept = pages.purchases.length > before.purchases;
      const fact = refusedFact(command, answer.because, isKept);
      if (isKept) {
        const body = { ...fact.data, status: 'refused', seq, at };
        this.orders.set(String(fact.data['id']), [{ seq, value: body }]);
      }
      return { seq, at, command, refusal: answer.because, fact };
    }
    this.#openPlaces(command, event);
    const moves = pages.moves.slice(before.moves);
    const lease = command.type.endsWith('Lease') && 'account' in command ? command.account : null;
    this.#followPlaces(before, event, lease);
    const bare = moves.map((move, leg) => this.#transferData(command, move, leg));
    const fact = expectedFact(command, {
      seq,
      pages,
      moves,
      transfers: bare,
      assetOf: (account) => this.#place(account).asset,
      stateOf: (account) => this.#stateOf(account),
    });
    this.#enterMoves(moves, before.moves, bare, event);
    this.#remember(command, fact, moves, event);
    return { seq, at, command, refusal: undefined, fact };
  }

  /** Lets the model do what the bank did by itself; undefined when it says that nothing was due. */
  happen({ seq, at, type, data }: EventAnswer): ExpectedFact | undefined {
    const moment = { at: Date.parse(at), seq };
    const event = { seq, at };
    const before = this.#lengths();
    if (type === 'hold.expired') {
      const hold = String(data['hold']);
      if (!this.#notebook.expire(hold, moment)) return undefined;
      this.#followPlaces(before, event, null);
      this.#endHold(hold, { state: 'expired' }, event);
      return { type, data: { hold } };
    }
    if (type !== 'lease.passed') return undefined;
    const account = String(data['account']);
    const granted = this.#notebook.pass(account, moment);
    if (granted === undefined) return undefined;
    this.#followPlaces(before, event, account);
    this.queues.follow(this.#notebook.pages, account, event);
    return { type, data: { account, granted } };
  }

  #lengths() {
    const { moves, touched, handovers, purchases } = this.#notebook.pages;
    return {
      moves: moves.length,
      touched: touched.length,
      handovers: handovers.length,
      purchases: purchases.length,
    };
  }

  #place(id: string): PlaceLine {
    const place = this.places.get(id);
    if (place === undefined) throw new Error(`the model has ${id}, which never opened`);
    return place;
  }

  #stateOf(id: string): PlaceState {
    const state = this.#place(id).changes.at(-1)?.value;
    if (state === undefined) throw new Error(`${id} has no state`);
    return state;
  }

  #openPlaces(command: Command, event: Moment): void {
    if (command.type === 'OpenAccount') {
      const { account, asset, metadata } = command;
      const cash = `cash:${codeOf(asset)}`;
      if (!this.places.has(cash)) this.#open(cash, asset, {}, event);
      this.#open(account, asset, metadata, event);
    }
    if (command.type === 'CreateProduct') {
      const { sku, name, price, asset, merchant } = command;
      const edition = { name, price: Number(price), version: 1 };
      const editions = [{ seq: event.seq, value: edition }];
      this.products.set(sku, { sku, asset, merchant, editions });
      for (const shelf of ['received', 'stock', 'sold', 'written-off']) {
        this.#open(`${shelf}:${sku}`, `sku:${sku}/0`, {}, event);
      }
    }
  }

  #open(
    id: string,
    asset: string,
    metadata: Readonly<Record<string, string>>,
    { seq, at }: Moment,
  ): void {
    const { pages } = this.#notebook;
    const changes = [
      {
        seq,
        value: {
          balance: 0n,
          held: 0n,
          coming: 0n,
          creditLimit: pages.overdraft(id),
          maximumBalance: pages.opening(id)?.ceiling ?? null,
          status: 'open' as const,
          leasedUntil: null,
          version: 1,
        },
      },
    ];
    const line = { id, asset, metadata, openedAt: at, openedSeq: seq };
    this.places.set(id, { ...line, changes, entries: [] });
  }

  /** Notes how the places stand that anything happened to. */
  #followPlaces(
    before: { readonly moves: number; readonly touched: number; readonly handovers: number },
    { seq }: Moment,
    leased: string | null,
  ): void {
    const { pages } = this.#notebook;
    const moves = pages.moves.slice(before.moves);
    const changed = new Set([
      ...moves.flatMap(({ from, to }) => [from, to]),
      ...pages.touched.slice(before.touched),
      ...pages.handovers.slice(before.handovers).map(({ account }) => account),
    ]);
    for (const id of changed) {
      const opening = pages.opening(id);
      const { leasedUntil } = this.#stateOf(id);
      const value: PlaceState = {
        balance: pages.worth(id),
        held: pages.promised(id, 'from'),
        coming: pages.promised(id, 'to'),
        creditLimit: pages.overdraft(id),
        maximumBalance: opening?.ceiling ?? null,
        status: opening?.state ?? 'open',
        // It stays written there once it is over, until something happens to the leases.
        leasedUntil: id === leased ? (pages.turn(id)?.until ?? null) : leasedUntil,
        version: pages.version(id),
      };
      this.#place(id).changes.push({ seq, value });
    }
  }

  #transferData(command: Command, { id, from, to, amount }: Move, leg: number): Body {
    const { asset } = this.#place(to);
    const metadata = this.#metadataOf(command, leg);
    return { id, from, to, amount: Number(amount), asset, metadata };
  }

  #metadataOf(command: Command, leg: number): unknown {
    if (command.type === 'PostTransaction') return command.transfers[leg]?.metadata;
    if (command.type === 'CaptureHold') return legsOf(this.#lastOf(this.holds, command.hold))[leg];
    return 'metadata' in command ? command.metadata : {};
  }

  #enterMoves(
    moves: readonly Move[],
    movesBefore: number,
    bare: readonly Body[],
    { seq, at }: Moment,
  ): void {
    for (const [leg, { id, from, to, amount, undoes }] of moves.entries()) {
      const index = movesBefore + leg;
      for (const [own, other] of [
        [from, to],
        [to, from],
      ] as const) {
        const direction = own === from ? ('out' as const) : ('in' as const);
        const balanceAfter = Number(this.#notebook.pages.worth(own, index));
        const entry = { transferId: id, direction, amount: Number(amount), counterparty: other };
        this.#place(own).entries.push({ seq, value: { ...entry, balanceAfter, at } });
      }
      const reverses = undoes === undefined ? {} : { reverses: undoes };
      const value = { ...bare[leg], status: 'posted', seq, at, ...reverses };
      this.transfers.set(id, [{ seq, value }]);
      if (undoes !== undefined) this.#reverse(undoes, Number(amount), seq);
    }
  }

  /** What was moved back of a transfer is told with it. */
  #reverse(id: string, amount: number, seq: number): void {
    const { reversed = 0, ...rest } = this.#lastOf(this.transfers, id);
    const value = { ...rest, reversed: Number(reversed) + amount };
    this.transfers.get(id)?.push({ seq, value });
  }

  #lastOf(lines: ReadonlyMap<string, Line>, id: string): Body {
    const last = lines.get(id)?.at(-1)?.value;
    if (last === undefined) throw new Error(`the model accepted a command about ${id}`);
    return last;
  }

  #remember(command: Command, fact: ExpectedFact, moves: readonly Move[], event: Moment): void {
    const { seq, at } = event;
    const posted = moves.map(({ id }) => valueAt(this.transfers.get(id) ?? [], seq));
    const group = moves[0]?.group ?? null;
    if (group !== null) {
      const reverses = fact.data['reverses'] ?? fact.data['order'];
      const taken = reverses === undefined ? {} : { reverses };
      const value = { id: group, status: 'posted', seq, at, ...taken, transfers: posted };
      this.transactions.set(group, [{ seq, value }]);
    }
    if (command.type === 'ChangeProduct') {
      const line = this.products.get(command.sku);
      const { name, price } = fact.data as { name: string; price: number };
      line?.editions.push({ seq, value: { name, price, version: line.editions.length + 1 } });
    }
    if (command.type === 'PlaceOrder') {
      const { id, customer, merchant, asset, lines, total } = fact.data;
      const order = { id, customer, merchant, asset, lines, total };
      const value = { ...order, status: 'completed', transactionId: command.id, seq, at };
      this.orders.set(command.id, [{ seq, value }]);
    }
    if (command.type === 'CancelOrder') {
      const cancellation = { transactionId: command.id, seq, at };
      const order = this.#lastOf(this.orders, command.order);
      const value = { ...order, status: 'cancelled', cancellation };
      this.orders.get(command.order)?.push({ seq, value });
    }
    this.#rememberHold(command, fact, moves, event);
    if (command.type === 'RequestLease') this.queues.ask(command, this.#notebook.pages, event);
    if (command.type === 'RenewLease' || command.type === 'ReleaseLease') {
      this.queues.follow(this.#notebook.pages, command.account, event);
    }
  }

  #rememberHold(
    command: Command,
    { data }: ExpectedFact,
    moves: readonly Move[],
    event: Moment,
  ): void {
    const { seq, at } = event;
    if (command.type === 'PlaceHold') {
      this.holds.set(command.id, [{ seq, value: { ...data, state: 'pending', seq, at } }]);
    }
    if (command.type === 'ExtendHold') {
      const hold = this.#lastOf(this.holds, command.hold);
      const value = { ...hold, expiresAt: data['expiresAt'] };
      this.holds.get(command.hold)?.push({ seq, value });
    }
    if (command.type === 'CaptureHold') {
      const captured = moves.map(({ id, amount }) => ({ id, amount: Number(amount) }));
      this.#endHold(command.hold, { state: 'captured', captured }, event);
    }
    if (command.type === 'ReleaseHold') this.#endHold(command.hold, { state: 'released' }, event);
  }

  #endHold(hold: string, end: Body, { seq, at }: Moment): void {
    const value = { ...this.#lastOf(this.holds, hold), ...end, endedSeq: seq, endedAt: at };
    this.holds.get(hold)?.push({ seq, value });
  }
}

type Moment = Pick<EventAnswer, 'seq' | 'at'>;

function legsOf(hold: Body): readonly unknown[] {
  const { transfers } = hold as { transfers: readonly { readonly metadata: unknown }[] };
  return transfers.map(({ metadata }) => metadata);
}

function codeOf(asset: string): string {
  return asset.slice(0, asset.lastIndexOf('/'));
}
