import {
  outcomeKey,
  type Account,
  type Consent,
  type Correctable,
  type CrossBankRecord,
  type Hold,
  type Lease,
  type Ledger,
  type Order,
  type OrderCancellation,
  type Outcome,
  type PostedGroup,
  type PostedTransfer,
  type Product,
  type Reversal,
  type StandingOrder,
} from '@lastro/core';
import type { Head, StoredAccount, StoredOutcome, StoredTransfer } from '../store/row-types.ts';
import { BlockConsortium } from './block-consortium.ts';
import { BlockCorrections } from './block-corrections.ts';
import { BlockHolds } from './block-holds.ts';
import { BlockLeases } from './block-leases.ts';
import type { LoadedFacts } from './loaded-facts.ts';
import type { RowCache } from './row-cache.ts';

/** What the database says about ids; empty while a block is tried on trust (see `block-attempt.ts`). */
export interface KnownIds {
  readonly outcomes: ReadonlyMap<string, StoredOutcome>;
  /** Those that were spent, as `nonceKey` writes them. */
  readonly nonces: ReadonlySet<string>;
  readonly transfers: ReadonlySet<string>;
  readonly transactions: ReadonlySet<string>;
}

export const NO_KNOWN_IDS: KnownIds = {
  outcomes: new Map(),
  nonces: new Set(),
  transfers: new Set(),
  transactions: new Set(),
};

/** The ledger that one block is decided on: cached rows below, what the block changes above. */
export class WorkingLedger implements Ledger {
  readonly changed = new Map<string, StoredAccount>();
  /** Of those that changed: limits, status or lease, too. */
  readonly reformed = new Set<string>();
  readonly opened = new Map<string, StoredAccount>();
  readonly products = new Map<string, Product>();
  readonly transfers: StoredTransfer[] = [];
  readonly transactions = new Map<
    string,
    { readonly seq: number; readonly owner: string | null }
  >();
  readonly orders: Order[] = [];
  readonly outcomes: StoredOutcome[] = [];
  readonly bank: string;
  /** Internal numbers given out so far. */
  accountNumbers: number;
  readonly holds: BlockHolds;
  readonly leasing: BlockLeases;
  readonly corrections: BlockCorrections;
  readonly consortium: BlockConsortium;
  readonly #transferIds = new Set<string>();
  readonly #cache: RowCache;
  readonly #known: KnownIds;

  constructor(cache: RowCache, facts: LoadedFacts, known: KnownIds, head: Head) {
    this.#cache = cache;
    this.bank = head.bank;
    this.#known = known;
    this.accountNumbers = head.accounts;
    this.holds = new BlockHolds(facts.holds, cache);
    this.leasing = new BlockLeases(facts.leases);
    this.corrections = new BlockCorrections(facts, this);
    this.consortium = new BlockConsortium(facts, cache, known.nonces);
  }

  account(id: string): Account | undefined {
    return this.#stored(id)?.account;
  }

  product(sku: string): Product | undefined {
    const inBlock = this.products.get(sku);
    if (inBlock !== undefined) return inBlock;
    const cached = this.#cache.products.get(sku);
    if (cached === undefined) throw new Error(`product ${sku} was not loaded`);
    return cached === 'absent' ? undefined : cached;
  }

  outcome(principal: string, id: string): StoredOutcome | undefined {
    const { outcomes } = this.#known;
    return outcomes.size === 0 ? undefined : outcomes.get(outcomeKey(principal, id));
  }

  hold(id: string): Hold | undefined {
    return this.holds.get(id);
  }

  leases(account: string): readonly Lease[] {
    return this.leasing.of(account);
  }

  correctable(transfer: string): Correctable | undefined {
    return this.corrections.correctable(transfer);
  }

  group(id: string): PostedGroup | undefined {
    return this.corrections.group(id);
  }

  order(id: string): StandingOrder | undefined {
    return this.corrections.order(id);
  }

  crossBank(id: string): CrossBankRecord | undefined {
    return this.consortium.crossBank(id);
  }

  consent(id: string): Consent | undefined {
    return this.consortium.consent(id);
  }

  isTransferTaken(id: string): boolean {
    return this.#transferIds.has(id) || this.#known.transfers.has(id);
  }

  isTransactionTaken(id: string): boolean {
    return this.transactions.has(id) || this.#known.transactions.has(id);
  }

  putAccount(account: Account): void {
    const before = this.#standing(account.id);
    if (before === undefined) {
      this.accountNumbers += 1;
      this.opened.set(account.id, { number: this.accountNumbers, account });
    } else if (this.opened.has(account.id)) {
      this.opened.set(account.id, { number: before.number, account });
    } else {
      this.changed.set(account.id, { number: before.number, account });
      if (isReformed(before.account, account)) this.reformed.add(account.id);
    }
  }

  putProduct(product: Product): void {
    this.products.set(product.sku, product);
  }

  addTransfer(transfer: PostedTransfer): void {
    this.#transferIds.add(transfer.id);
    const fromNumber = this.numberOf(transfer.from);
    this.transfers.push({ transfer, fromNumber, toNumber: this.numberOf(transfer.to) });
  }

  addTransaction(id: string, seq: number, owner: string | null): void {
    this.transactions.set(id, { seq, owner });
  }

  addOrder(order: Order): void {
    this.orders.push(order);
  }

  addOutcome(outcome: Outcome): void {
    this.outcomes.push(outcome);
  }

  putHold(hold: Hold): void {
    this.holds.put(hold);
  }

  putLeases(account: string, open: readonly Lease[]): void {
    this.leasing.put(account, open);
  }

  addReversal(reversal: Reversal): void {
    this.corrections.addReversal(reversal);
  }

  addCancellation(cancellation: OrderCancellation): void {
    this.corrections.addCancellation(cancellation);
  }

  openBank(): void {
    throw new Error('the bank was opened by block 0');
  }

  putCrossBank(record: CrossBankRecord): void {
    this.consortium.putCrossBank(record);
  }

  putConsent(consent: Consent): void {
    this.consortium.putConsent(consent);
  }

  /** The internal number of an account that stands. */
  numberOf(id: string): number {
    const found = this.#stored(id);
    if (found === undefined) throw new Error(`account ${id} moved before it was opened`);
    return found.number;
  }

  /** The account as it stands; throws when nobody looked whether it does. */
  #stored(id: string): StoredAccount | undefined {
    const inBlock = this.changed.get(id) ?? this.opened.get(id);
    if (inBlock !== undefined) return inBlock;
    const cached = this.#cache.accounts.get(id);
    if (cached === undefined) throw new Error(`account ${id} was not loaded`);
    return cached === 'absent' ? undefined : cached;
  }

  /** As `#stored`, for what an event opens: its goods accounts need no look-up. */
  #standing(id: string): StoredAccount | undefined {
    const inBlock = this.changed.get(id) ?? this.opened.get(id);
    if (inBlock !== undefined) return inBlock;
    const cached = this.#cache.accounts.get(id);
    return cached === 'absent' ? undefined : cached;
  }
}

/** Whether more than sums and version differ. */
function isReformed(before: Account, after: Account): boolean {
  return (
    before.status !== after.status ||
    before.creditLimit !== after.creditLimit ||
    before.maximumBalance !== after.maximumBalance ||
    before.leaseToken !== after.leaseToken ||
    before.leaseUntil !== after.leaseUntil ||
    before.isRebuilt !== after.isRebuilt
  );
}
