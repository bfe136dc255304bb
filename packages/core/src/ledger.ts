import type { Account } from './account.ts';
import type { Consent } from './consent.ts';
import type { CrossBankRecord } from './cross-bank-record.ts';
import type { CommandMark } from './event.ts';
import type { Hold } from './hold.ts';
import type { Lease } from './lease.ts';
import type { CompletedOrder, Order, OrderCancellation } from './order.ts';
import type { Correctable, PostedGroup, Reversal } from './posted.ts';
import type { Product } from './product.ts';
import type { PostedTransfer } from './transfer.ts';

/** What became of a command, found again by who asked and the command's id. */
export interface Outcome extends CommandMark {
  /** Of the event that settled it. */
  readonly seq: number;
  /** The refusal's code; null when it was accepted. */
  readonly code: string | null;
}

/** What a decision may look at. Everything that the command's footprint names must be loaded. */
export interface LedgerView {
  account(id: string): Account | undefined;
  product(sku: string): Product | undefined;
  outcome(principal: string, id: string): Outcome | undefined;
  hold(id: string): Hold | undefined;
  /** The open leases of an account, in ticket order. */
  leases(account: string): readonly Lease[];
  /** A posted transfer, for a correction of it. */
  correctable(transfer: string): Correctable | undefined;
  /** What was posted as a transaction, an order or a captured group of this id. */
  group(id: string): PostedGroup | undefined;
  order(id: string): StandingOrder | undefined;
  /** The bank's own id, as block 0 gives it. */
  readonly bank: string;
  /** What is recorded of a cross-bank transaction; undefined: it is `absent`. */
  crossBank(id: string): CrossBankRecord | undefined;
  consent(id: string): Consent | undefined;
  /** Whether a transfer of this id stands. */
  isTransferTaken(id: string): boolean;
  /** Whether a transaction or an order of this id stands, refused orders included: they share ids. */
  isTransactionTaken(id: string): boolean;
}

/** An order with what became of it since. */
export type StandingOrder =
  | { readonly state: 'refused' }
  | { readonly state: 'completed' | 'cancelled'; readonly order: CompletedOrder };

/** Where events are folded into. */
export interface Ledger extends LedgerView {
  putAccount(account: Account): void;
  putProduct(product: Product): void;
  addTransfer(transfer: PostedTransfer): void;
  /** `owner`: the cross-bank transaction that it is this bank's share of; null: none. */
  addTransaction(id: string, seq: number, owner: string | null): void;
  addOrder(order: Order): void;
  addOutcome(outcome: Outcome): void;
  /** A new hold, or one that was extended or ended. */
  putHold(hold: Hold): void;
  /** All open leases of an account, in ticket order. */
  putLeases(account: string, open: readonly Lease[]): void;
  addReversal(reversal: Reversal): void;
  addCancellation(cancellation: OrderCancellation): void;
  openBank(bank: string): void;
  /** A new record, or one that moved on. */
  putCrossBank(record: CrossBankRecord): void;
  /** A new consent, or one that was used, given back or revoked. */
  putConsent(consent: Consent): void;
}
