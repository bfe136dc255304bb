import type { Account } from './account.ts';
import type { Ledger, Outcome } from './ledger.ts';
import type { Order } from './order.ts';
import type { Product } from './product.ts';
import type { PostedTransfer } from './transfer.ts';

/** A whole ledger in memory, for folding a journal from its first block and for tests. */
export interface MemoryLedger extends Ledger {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly products: ReadonlyMap<string, Product>;
  readonly transfers: ReadonlyMap<string, PostedTransfer>;
  readonly transactions: ReadonlyMap<string, number>;
  readonly orders: ReadonlyMap<string, Order>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** The key of an outcome in `MemoryLedger.outcomes`. A principal has no space in it. */
export function outcomeKey(principal: string, id: string): string {
  return `${principal} ${id}`;
}

export function createMemoryLedger(): MemoryLedger {
  const accounts = new Map<string, Account>();
  const products = new Map<string, Product>();
  const transfers = new Map<string, PostedTransfer>();
  const transactions = new Map<string, number>();
  const orders = new Map<string, Order>();
  const outcomes = new Map<string, Outcome>();
  return {
    accounts,
    products,
    transfers,
    transactions,
    orders,
    outcomes,
    account: (id) => accounts.get(id),
    product: (sku) => products.get(sku),
    outcome: (principal, id) => outcomes.get(outcomeKey(principal, id)),
    isTransferTaken: (id) => transfers.has(id),
    isTransactionTaken: (id) => transactions.has(id),
    putAccount: (account) => void accounts.set(account.id, account),
    putProduct: (product) => void products.set(product.sku, product),
    addTransfer: (transfer) => addOnce(transfers, transfer.id, transfer),
    addTransaction: (id, seq) => addOnce(transactions, id, seq),
    addOrder: (order) => addOnce(orders, order.id, order),
    addOutcome: (outcome) => addOnce(outcomes, outcomeKey(outcome.principal, outcome.id), outcome),
  };
}

/** What a primary key does for the bank's database: a forged journal can't write over what stands. */
function addOnce<Fact>(facts: Map<string, Fact>, key: string, fact: Fact): void {
  if (facts.has(key)) throw new Error(`${key} stands already`);
  facts.set(key, fact);
}
