import {
  refusalDetails,
  type Account,
  type Consent,
  type CrossBankRecord,
  type Hold,
  type Lease,
  type Ledger,
  type Order,
  type OrderCancellation,
  type Outcome,
  type PostedTransfer,
  type Product,
  type Reversal,
} from '@lastro/core';
import { metadataText, pairsText, timeText, truthText, type Row } from './row-text.ts';
import { SeenIds } from './seen-ids.ts';
import type { StreamedTable } from './table-shapes.ts';

/** Something that stands, with the place in the journal that last changed it. */
export interface Standing<Thing> {
  thing: Thing;
  block: number;
  seq: number;
}

export interface StandingAccount extends Standing<Account> {
  /** The internal number: accounts are numbered in the order in which they are opened. */
  readonly number: number;
}

/** The rows that one block should have added, in the order of its events. */
export type BlockAdditions = { readonly [Table in StreamedTable]: Row[] };

/**
 * Where a journal is folded into without keeping what only grows: accounts and products stay, rows
 * of the rest are handed on block by block, and of their ids only fingerprints are kept.
 */
export class FoldingLedger implements Ledger {
  readonly accounts = new Map<string, StandingAccount>();
  readonly products = new Map<string, Standing<Product>>();
  /** Clients' pending holds, by the number of the event that placed them. */
  readonly openHolds = new Map<string, Standing<Hold>>();
  /** By their ticket. */
  readonly openLeases = new Map<string, Standing<Lease>>();
  readonly crossBanks = new Map<string, Standing<CrossBankRecord>>();
  readonly consents = new Map<string, Standing<Consent>>();
  /** Accounts that the event under way changed. */
  readonly touched = new Set<Account['id']>();
  /** Ids that the event under way used a second time. */
  readonly repeated: string[] = [];
  #bank: string | undefined;
  #additions = noAdditions();
  #block = 0;
  #seq = 0;
  #at = '';
  readonly #transfers = new SeenIds();
  /** Transactions and orders share their ids. */
  readonly #groups = new SeenIds();
  readonly #commands = new SeenIds();
  readonly #cancelled = new SeenIds();
  readonly #holdsById = new Map<string, Hold>();
  readonly #leasesOf = new Map<string, readonly Lease[]>();

  /** `at`: milliseconds since 1970. */
  beginBlock(block: number, at: number): void {
    this.#block = block;
    this.#at = timeText(at);
    this.#additions = noAdditions();
  }

  beginEvent(seq: number): void {
    this.#seq = seq;
    this.touched.clear();
    this.repeated.length = 0;
  }

  /** What the block so far should have added. */
  get additions(): BlockAdditions {
    return this.#additions;
  }

  account(id: string): Account | undefined {
    return this.accounts.get(id)?.thing;
  }

  product(sku: string): Product | undefined {
    return this.products.get(sku)?.thing;
  }

  outcome(): undefined {
    return undefined;
  }

  hold(id: string): Hold | undefined {
    return this.#holdsById.get(id);
  }

  leases(account: string): readonly Lease[] {
    return this.#leasesOf.get(account) ?? [];
  }

  /** What was posted is not kept; `correction-rules.ts` holds corrections against it. */
  correctable(): undefined {
    return undefined;
  }

  group(): undefined {
    return undefined;
  }

  order(): undefined {
    return undefined;
  }

  get bank(): string {
    if (this.#bank === undefined) throw new Error('block 0 has not opened the bank');
    return this.#bank;
  }

  crossBank(id: string): CrossBankRecord | undefined {
    return this.crossBanks.get(id)?.thing;
  }

  consent(id: string): Consent | undefined {
    return this.consents.get(id)?.thing;
  }

  isTransferTaken(): boolean {
    return false;
  }

  isTransactionTaken(): boolean {
    return false;
  }

  putAccount(account: Account): void {
    this.touched.add(account.id);
    const standing = this.accounts.get(account.id);
    if (standing === undefined) {
      const number = this.accounts.size + 1;
      this.accounts.set(account.id, {
        number,
        thing: account,
        block: this.#block,
        seq: this.#seq,
      });
      return;
    }
    standing.thing = account;
    standing.block = this.#block;
    standing.seq = this.#seq;
  }

  putProduct(product: Product): void {
    this.products.set(product.sku, { thing: product, block: this.#block, seq: this.#seq });
  }

  addTransfer(transfer: PostedTransfer): void {
    const { id, seq, leg, from, to, amount, fromBalance, toBalance, transaction, metadata } =
      transfer;
    if (!this.#transfers.add(id)) this.repeated.push(`the transfer id ${id}`);
    this.#additions.transfer.push([
      id,
      String(seq),
      String(leg),
      this.#numberOf(from),
      this.#numberOf(to),
      String(amount),
      String(fromBalance),
      String(toBalance),
      transaction,
      this.#at,
      metadataText(metadata),
    ]);
  }

  addTransaction(id: string, seq: number, owner: string | null): void {
    this.#addGroup(id);
    this.#additions.transaction.push([id, String(seq), owner]);
  }

  addOrder(order: Order): void {
    const { id, status, customer, merchant, seq } = order;
    const isCompleted = order.status === 'completed';
    this.#additions.orders.push([
      id,
      String(seq),
      status,
      customer,
      merchant,
      isCompleted ? order.asset : null,
      isCompleted ? String(order.total) : null,
      isCompleted ? null : order.refusal.code,
      isCompleted ? null : pairsText(Object.entries(refusalDetails(order.refusal))),
      this.#at,
    ]);
    const rows = this.#additions.order_line;
    if (isCompleted) {
      order.lines.forEach(({ sku, name, unitPrice, quantity, total }, line) => {
        const numbers = [String(unitPrice), String(quantity), String(total)];
        rows.push([String(seq), String(line), sku, name, ...numbers]);
      });
    } else {
      order.lines.forEach(({ sku, quantity }, line) => {
        rows.push([String(seq), String(line), sku, null, null, String(quantity), null]);
      });
    }
  }

  addOutcome({ principal, id, hash, seq, code }: Outcome): void {
    if (!this.#commands.add(`${principal.length} ${principal} ${id}`)) {
      this.repeated.push(`the command ${id} of ${principal}`);
    }
    this.#additions.outcome.push([principal, id, hash, String(seq), code]);
  }

  /** One that a cross-bank transaction owns has its legs alone among the rows of holds. */
  putHold(hold: Hold): void {
    const { id, seq, owner, end, expiresAt } = hold;
    const key = String(seq);
    if (!this.#holdsById.has(id)) this.#addHold(hold);
    if (end === null) this.#holdsById.set(id, hold);
    else this.#holdsById.delete(id);
    if (owner !== null) return;
    if (end === null) {
      this.openHolds.set(key, { thing: hold, block: this.#block, seq: this.#seq });
      return;
    }
    this.openHolds.delete(key);
    const until = expiresAt === null ? null : timeText(expiresAt);
    this.#additions.hold_end.push([key, String(end.seq), end.state, until, this.#at]);
  }

  #addHold({ id, seq, owner, legs }: Hold): void {
    const key = String(seq);
    if (owner === null) this.#additions.hold.push([id, key, this.#at]);
    legs.forEach((leg, index) => {
      this.#additions.hold_leg.push([
        key,
        String(index),
        this.#numberOf(leg.from),
        this.#numberOf(leg.to),
        String(leg.amount),
        metadataText(leg.metadata),
      ]);
    });
  }

  putLeases(account: string, open: readonly Lease[]): void {
    const before = new Set(this.leases(account));
    this.#leasesOf.set(account, open);
    for (const thing of open) {
      if (before.delete(thing)) continue;
      this.openLeases.set(String(thing.ticket), { thing, block: this.#block, seq: this.#seq });
    }
    const left = new Set(open.map(({ ticket }) => ticket));
    for (const { ticket } of before) {
      if (!left.has(ticket)) this.openLeases.delete(String(ticket));
    }
  }

  addReversal({ seq, leg, reverses, transfer, amount }: Reversal): void {
    this.#additions.reversal.push([String(seq), String(leg), reverses, transfer, String(amount)]);
  }

  addCancellation({ order, id, seq }: OrderCancellation): void {
    if (!this.#cancelled.add(order)) this.repeated.push(`the cancellation of the order ${order}`);
    this.#additions.order_cancellation.push([order, id, String(seq), this.#at]);
  }

  openBank(bank: string): void {
    this.#bank = bank;
  }

  putCrossBank(record: CrossBankRecord): void {
    this.crossBanks.set(record.id, { thing: record, block: this.#block, seq: this.#seq });
  }

  putConsent(consent: Consent): void {
    this.consents.set(consent.id, { thing: consent, block: this.#block, seq: this.#seq });
  }

  /** The row of an open lease, in the order of its table's columns. */
  leaseRow(lease: Lease): Row {
    const { id, account, owner, ttl, ticket, waitUntil, token, expiresAt } = lease;
    return [
      id,
      this.#numberOf(account),
      owner,
      String(ttl),
      String(ticket),
      timeText(waitUntil),
      token === null ? null : String(token),
      expiresAt === null ? null : timeText(expiresAt),
    ];
  }

  #addGroup(id: string): void {
    if (!this.#groups.add(id)) this.repeated.push(`the transaction or order id ${id}`);
  }

  #numberOf(id: string): string {
    return String(this.accounts.get(id)?.number ?? '');
  }
}

function noAdditions(): BlockAdditions {
  return {
    transfer: [],
    transaction: [],
    orders: [],
    order_line: [],
    outcome: [],
    hold: [],
    hold_leg: [],
    hold_end: [],
    reversal: [],
    order_cancellation: [],
  };
}

/** The row of a standing account, in the order of its table's columns. */
export function accountRow({ number, thing }: StandingAccount): Row {
  return [
    String(number),
    thing.id,
    thing.asset,
    String(thing.debitsPosted),
    String(thing.creditsPosted),
    String(thing.debitsPending),
    String(thing.creditsPending),
    thing.creditLimit === null ? null : String(thing.creditLimit),
    thing.status,
    String(thing.version),
    timeText(thing.createdAt),
    metadataText(thing.metadata),
    thing.maximumBalance === null ? null : String(thing.maximumBalance),
    thing.leaseToken === null ? null : String(thing.leaseToken),
    thing.leaseUntil === null ? null : timeText(thing.leaseUntil),
    truthText(thing.isRebuilt),
  ];
}

/** The row of a standing product, in the order of its table's columns. */
export function productRow({ thing }: Standing<Product>): Row {
  const { sku, name, price, asset, merchant, version, createdAt } = thing;
  return [sku, name, String(price), asset, merchant, String(version), timeText(createdAt)];
}
