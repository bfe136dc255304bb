import type { EventAnswer } from '@lastro/contract';
import { AMOUNT_MAX_DEFAULT, type Command, type Envelope } from '@lastro/core';
import { Notebook, type Answer, type Move } from '../../packages/core/src/model.fixture.ts';

// What the slow model of core says, event after event, kept so that any moment can be looked at
// again. Balances, refusals and prices are the model's; nothing here comes from `decide`, `apply`
// or the server.

/** A value that something had from the event of number `seq` on. */
export interface Since<Value> {
  readonly seq: number;
  readonly value: Value;
}

export interface PlaceLine {
  readonly id: string;
  readonly asset: string;
  readonly creditLimit: bigint | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly openedAt: string;
  readonly openedSeq: number;
  readonly changes: Since<{ readonly balance: bigint; readonly version: number }>[];
  readonly entries: Since<EntryLine>[];
}

interface EntryLine {
  readonly transferId: string;
  readonly direction: 'in' | 'out';
  readonly amount: number;
  readonly counterparty: string;
  readonly balanceAfter: number;
  readonly at: string;
}

export interface ProductLine {
  readonly sku: string;
  readonly asset: string;
  readonly merchant: string | null;
  readonly editions: Since<{
    readonly name: string;
    readonly price: number;
    readonly version: number;
  }>[];
}

/** A transfer, a transaction or an order as it is answered, for it never changes. */
export type Made = Since<Readonly<Record<string, unknown>>>;

/** What the model says that an event must have been. */
export interface ExpectedFact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Settlement {
  readonly seq: number;
  readonly at: string;
  readonly command: Command;
  /** Undefined: accepted. */
  readonly refusal: Extract<Answer, { readonly is: 'refused' }>['because'] | undefined;
  readonly fact: ExpectedFact;
  /** Its id was taken, and the bank decided as though it were free. */
  readonly isTakenUnseen: boolean;
}

export class Timeline {
  readonly places = new Map<string, PlaceLine>();
  readonly products = new Map<string, ProductLine>();
  readonly transfers = new Map<string, Made>();
  readonly transactions = new Map<string, Made>();
  readonly orders = new Map<string, Made>();
  readonly #notebook = new Notebook(AMOUNT_MAX_DEFAULT);

  /** Lets the model settle the command of this event; undefined when it says that it was settled before. */
  settle(envelope: Envelope, event: EventAnswer): Settlement | undefined {
    const notebook = this.#notebook;
    const movesBefore = notebook.moves.length;
    const answer = notebook.answer(envelope);
    if (answer.is === 'repeated' || answer.is === 'reused') return undefined;
    const { seq, at } = event;
    const { command } = envelope;
    const found = answer.is === 'refused' ? answer.because : undefined;
    const unseen = found?.code === 'id_taken' ? this.#answerButForIds(envelope, event) : undefined;
    const final = unseen ?? answer;
    const refusal = final.is === 'refused' ? final.because : undefined;
    const fact = refusal === undefined ? this.#fact(command) : refusedFact(command, refusal);
    const moves = notebook.moves.slice(movesBefore);
    if (refusal === undefined) this.#remember(command, moves, movesBefore, event, fact);
    if (fact.type === 'order.refused') {
      const body = { ...fact.data, status: 'refused', seq, at };
      this.orders.set(String(fact.data['id']), { seq, value: body });
    }
    return { seq, at, command, refusal, fact, isTakenUnseen: unseen !== undefined };
  }

  /** Asks again as though no id were taken, when the bank took it for free. */
  #answerButForIds(envelope: Envelope, { type, data }: EventAnswer): Answer | undefined {
    if (data['code'] === 'id_taken') return undefined;
    const notebook = this.#notebook;
    const { command } = envelope;
    notebook.settled.pop();
    const purchases = notebook.purchases.slice();
    if (type === 'transaction.posted' && 'id' in command) {
      const others = purchases.filter(({ id, refused }) => !refused || id !== command.id);
      notebook.purchases.splice(0, purchases.length, ...others);
    }
    const isRefused = data['code'] !== undefined;
    const asked = isRefused ? { ...envelope, command: withFreeIds(command) } : envelope;
    const answer = notebook.answer(asked);
    notebook.purchases.splice(0, notebook.purchases.length, ...purchases);
    return answer;
  }

  #remember(
    command: Command,
    moves: readonly Move[],
    movesBefore: number,
    event: EventAnswer,
    fact: ExpectedFact,
  ): void {
    const { seq, at } = event;
    if (command.type === 'OpenAccount') {
      const { account, asset, creditLimit, metadata } = command;
      const cash = `cash:${codeOf(asset)}`;
      if (!this.places.has(cash)) this.#open(cash, asset, null, {}, event);
      this.#open(account, asset, creditLimit, metadata, event);
    }
    if (command.type === 'CreateProduct') {
      const { sku, name, price, asset, merchant } = command;
      const edition = { name, price: Number(price), version: 1 };
      this.products.set(sku, { sku, asset, merchant, editions: [{ seq, value: edition }] });
      for (const shelf of ['received', 'stock', 'sold', 'written-off']) {
        const limit = shelf === 'received' ? null : 0n;
        this.#open(`${shelf}:${sku}`, `sku:${sku}/0`, limit, {}, event);
      }
    }
    if (command.type === 'ChangeProduct') {
      const line = this.products.get(command.sku);
      const { name, price } = fact.data as { name: string; price: number };
      line?.editions.push({ seq, value: { name, price, version: line.editions.length + 1 } });
    }
    const posted = moves.map((move, leg) => {
      const index = movesBefore + leg;
      this.#enter(move.from, 'out', move, index, event);
      this.#enter(move.to, 'in', move, index, event);
      return this.#transfer(move, metadataOf(command, leg), event);
    });
    if (command.type === 'PostTransaction' || command.type === 'PlaceOrder') {
      const { id } = command;
      const value = { id, status: 'posted', seq, at, transfers: posted };
      this.transactions.set(id, { seq, value });
    }
    if (command.type === 'PlaceOrder') {
      const { id, customer, merchant, asset, lines, total } = fact.data;
      const order = { id, status: 'completed', customer, merchant, asset, lines, total };
      this.orders.set(command.id, { seq, value: { ...order, transactionId: id, seq, at } });
    }
  }

  #open(
    id: string,
    asset: string,
    creditLimit: bigint | null,
    metadata: Readonly<Record<string, string>>,
    { seq, at }: EventAnswer,
  ): void {
    const changes = [{ seq, value: { balance: 0n, version: 1 } }];
    const line = { id, asset, creditLimit, metadata, openedAt: at, openedSeq: seq };
    this.places.set(id, { ...line, changes, entries: [] });
  }

  #enter(
    id: string,
    direction: 'in' | 'out',
    move: Move,
    index: number,
    { seq, at }: EventAnswer,
  ): void {
    const place = this.places.get(id);
    if (place === undefined)
      throw new Error(`the model moved from or to ${id}, which never opened`);
    const balance = this.#notebook.worth(id, index);
    const version = (place.changes.at(-1)?.value.version ?? 0) + 1;
    place.changes.push({ seq, value: { balance, version } });
    const counterparty = direction === 'in' ? move.from : move.to;
    const amount = Number(move.amount);
    const balanceAfter = Number(balance);
    const entry = { transferId: move.id, direction, amount, counterparty, balanceAfter, at };
    place.entries.push({ seq, value: entry });
  }

  #transfer(
    { id, from, to, amount }: Move,
    metadata: Readonly<Record<string, string>>,
    { seq, at }: EventAnswer,
  ): Made['value'] {
    const asset = this.places.get(to)?.asset;
    const value = {
      id,
      status: 'posted',
      from,
      to,
      amount: Number(amount),
      asset,
      seq,
      at,
      metadata,
    };
    this.transfers.set(id, { seq, value });
    return value;
  }

  /** The event that an accepted command must have made. */
  #fact(command: Command): ExpectedFact {
    switch (command.type) {
      case 'OpenAccount': {
        const { account, asset, creditLimit, metadata } = command;
        const limit = creditLimit === null ? null : Number(creditLimit);
        return { type: 'account.opened', data: { account, asset, creditLimit: limit, metadata } };
      }
      case 'PostTransfer':
        return { type: 'transfer.posted', data: this.#transferData(command) };
      case 'Deposit': {
        const from = `cash:${codeOf(this.#assetOf(command.account))}`;
        const data = this.#transferData({ ...command, from, to: command.account });
        return { type: 'transfer.posted', data };
      }
      case 'Withdraw': {
        const to = `cash:${codeOf(this.#assetOf(command.account))}`;
        const data = this.#transferData({ ...command, from: command.account, to });
        return { type: 'transfer.posted', data };
      }
      case 'PostTransaction': {
        const transfers = command.transfers.map((one) => this.#transferData(one));
        return { type: 'transaction.posted', data: { id: command.id, transfers } };
      }
      case 'CreateProduct': {
        const { sku, name, asset, merchant, transferId } = command;
        const [price, stock] = [Number(command.price), Number(command.stock)];
        const data = { sku, name, price, asset, merchant, stock, transferId };
        return { type: 'product.created', data };
      }
      case 'ChangeProduct': {
        const { sku, name, price } = this.#good(command.sku);
        return { type: 'product.changed', data: { sku, name, price: Number(price) } };
      }
      case 'ReceiveGoods': {
        const { sku, quantity, transferId } = command;
        return { type: 'goods.received', data: { sku, quantity: Number(quantity), transferId } };
      }
      case 'AdjustGoods': {
        const { sku, quantity, reason, transferId } = command;
        const data = { sku, quantity: Number(quantity), reason, transferId };
        return { type: 'goods.adjusted', data };
      }
      case 'PlaceOrder':
        return this.#orderFact(command);
      default:
        throw new Error(`no history has ${command.type} yet`);
    }
  }

  #orderFact(command: Extract<Command, { type: 'PlaceOrder' }>): ExpectedFact {
    const { id, customer, merchant } = command;
    const skus = [...new Set(command.lines.map(({ sku }) => sku))];
    const lines = skus.map((sku) => {
      const { name, price } = this.#good(sku);
      const wanted = command.lines.filter((line) => line.sku === sku);
      const quantity = Number(wanted.reduce((sum, line) => sum + line.quantity, 0n));
      const unitPrice = Number(price);
      return { sku, name, unitPrice, quantity, total: unitPrice * quantity };
    });
    const total = Number(this.#notebook.purchases.at(-1)?.paid);
    const transferIds = command.transferIds.slice(0, skus.length + 1);
    const asset = this.#assetOf(merchant);
    const data = { id, customer, merchant, asset, lines, total, transferIds };
    return { type: 'order.completed', data };
  }

  #transferData({
    id,
    from,
    to,
    amount,
    metadata,
  }: {
    id: string;
    from: string;
    to: string;
    amount: bigint;
    metadata: Readonly<Record<string, string>>;
  }) {
    const known = from.startsWith('cash:') ? to : from;
    return { id, from, to, amount: Number(amount), asset: this.#assetOf(known), metadata };
  }

  #assetOf(account: string): string {
    const found = this.#notebook.openings.find(({ name }) => name === account);
    if (found === undefined) throw new Error(`the model accepted a command about ${account}`);
    return found.unit;
  }

  #good(wanted: string) {
    const found = this.#notebook.goods.find(({ sku }) => sku === wanted);
    if (found === undefined) throw new Error(`the model accepted a command about ${wanted}`);
    return found;
  }
}

/** The newest value at `seq`; undefined before the first. */
export function valueAt<Value>(line: readonly Since<Value>[], seq: number): Value | undefined {
  return line.findLast((since) => since.seq <= seq)?.value;
}

function refusedFact(command: Command, refusal: NonNullable<Settlement['refusal']>): ExpectedFact {
  if (command.type !== 'PlaceOrder' || refusal.code === 'id_taken') {
    return { type: 'command.refused', data: { ...refusal } };
  }
  const { id, customer, merchant } = command;
  const lines = command.lines.map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }));
  return { type: 'order.refused', data: { id, customer, merchant, lines, ...refusal } };
}

function metadataOf(command: Command, leg: number): Readonly<Record<string, string>> {
  if (command.type === 'PostTransaction') return command.transfers[leg]?.metadata ?? {};
  return 'metadata' in command ? command.metadata : {};
}

/** The command with ids that nobody has. */
function withFreeIds(command: Command): Command {
  const free = (id: string) => `free ${id}`;
  switch (command.type) {
    case 'PostTransaction': {
      const transfers = command.transfers.map((one) => ({ ...one, id: free(one.id) }));
      return { ...command, id: free(command.id), transfers };
    }
    case 'PlaceOrder': {
      const transferIds = command.transferIds.map(free);
      return { ...command, id: free(command.id), transferIds };
    }
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
      return { ...command, id: free(command.id) };
    case 'CreateProduct':
    case 'ReceiveGoods':
    case 'AdjustGoods':
      return { ...command, transferId: free(command.transferId) };
    default:
      return command;
  }
}

function codeOf(asset: string): string {
  return asset.slice(0, asset.lastIndexOf('/'));
}
