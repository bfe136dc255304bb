import type { Account } from './account.ts';
import type { CommandMark } from './event.ts';
import type { Order } from './order.ts';
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
  /** Whether a transfer of this id stands. */
  isTransferTaken(id: string): boolean;
  /** Whether a transaction or an order of this id stands, refused orders included: they share ids. */
  isTransactionTaken(id: string): boolean;
}

/** Where events are folded into. */
export interface Ledger extends LedgerView {
  putAccount(account: Account): void;
  putProduct(product: Product): void;
  addTransfer(transfer: PostedTransfer): void;
  addTransaction(id: string, seq: number): void;
  addOrder(order: Order): void;
  addOutcome(outcome: Outcome): void;
}
