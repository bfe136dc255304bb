import type { Account } from './account.ts';
import type { Consent } from './consent.ts';
import type { CrossBankRecord } from './cross-bank-record.ts';
import type { Hold } from './hold.ts';
import type { Lease } from './lease.ts';
import type { Ledger, Outcome } from './ledger.ts';
import type { Order, OrderCancellation } from './order.ts';
import type { PartOf, Reversal } from './posted.ts';
import type { Product } from './product.ts';
import type { PostedTransfer } from './transfer.ts';

/** A whole ledger in memory, for folding a journal from its first block and for tests. */
export interface MemoryLedger extends Ledger {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly products: ReadonlyMap<string, Product>;
  readonly transfers: ReadonlyMap<string, PostedTransfer>;
  readonly transactions: ReadonlyMap<string, number>;
  /** Cross-bank transactions, by the id that this bank's share of them has here. */
  readonly shares: ReadonlyMap<string, string>;
  readonly orders: ReadonlyMap<string, Order>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly holds: ReadonlyMap<string, Hold>;
  /** Open leases, by account. */
  readonly openLeases: ReadonlyMap<string, readonly Lease[]>;
  /** By the transfer that moved something back. */
  readonly reversals: ReadonlyMap<string, Reversal>;
  /** By order. */
  readonly cancellations: ReadonlyMap<string, OrderCancellation>;
  readonly crossBanks: ReadonlyMap<string, CrossBankRecord>;
  readonly consents: ReadonlyMap<string, Consent>;
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
  const shares = new Map<string, string>();
  const orders = new Map<string, Order>();
  const outcomes = new Map<string, Outcome>();
  const holds = new Map<string, Hold>();
  const openLeases = new Map<string, readonly Lease[]>();
  const reversals = new Map<string, Reversal>();
  const cancellations = new Map<string, OrderCancellation>();
  const crossBanks = new Map<string, CrossBankRecord>();
  const consents = new Map<string, Consent>();
  let bank: string | undefined;
  const posted = readPosted({ transfers, orders, holds, reversals, cancellations, shares });
  return {
    accounts,
    products,
    transfers,
    transactions,
    shares,
    orders,
    outcomes,
    holds,
    openLeases,
    reversals,
    cancellations,
    crossBanks,
    consents,
    get bank() {
      if (bank === undefined) throw new Error('the bank was not opened');
      return bank;
    },
    crossBank: (id) => crossBanks.get(id),
    consent: (id) => consents.get(id),
    account: (id) => accounts.get(id),
    product: (sku) => products.get(sku),
    outcome: (principal, id) => outcomes.get(outcomeKey(principal, id)),
    hold: (id) => holds.get(id),
    leases: (account) => openLeases.get(account) ?? [],
    ...posted,
    isTransferTaken: (id) => transfers.has(id),
    isTransactionTaken: (id) => transactions.has(id),
    putAccount: (account) => void accounts.set(account.id, account),
    putProduct: (product) => void products.set(product.sku, product),
    addTransfer: (transfer) => addOnce(transfers, transfer.id, transfer),
    addTransaction(id, seq, owner) {
      addOnce(transactions, id, seq);
      if (owner !== null) shares.set(id, owner);
    },
    addOrder: (order) => addOnce(orders, order.id, order),
    addOutcome: (outcome) => addOnce(outcomes, outcomeKey(outcome.principal, outcome.id), outcome),
    putHold: (hold) => void holds.set(hold.id, hold),
    putLeases(account, open) {
      if (open.length === 0) openLeases.delete(account);
      else openLeases.set(account, open);
    },
    addReversal: (reversal) => addOnce(reversals, reversal.transfer, reversal),
    addCancellation: (cancellation) => addOnce(cancellations, cancellation.order, cancellation),
    openBank: (id) => void (bank = id),
    putCrossBank: (record) => void crossBanks.set(record.id, record),
    putConsent: (consent) => void consents.set(consent.id, consent),
  };
}

type Facts = Pick<
  MemoryLedger,
  'transfers' | 'orders' | 'holds' | 'reversals' | 'cancellations' | 'shares'
>;

/** What was posted, as a correction asks for it. */
function readPosted(facts: Facts): Pick<Ledger, 'correctable' | 'group' | 'order'> {
  const { transfers, orders, holds, reversals, cancellations, shares } = facts;
  const orderOf = (group: string): string | null =>
    orders.has(group)
      ? group
      : ([...cancellations.values()].find(({ id }) => id === group)?.order ?? null);
  /** What a whole transaction belongs to, beside itself. */
  const ownerOf = (group: string): PartOf | null => {
    const order = orderOf(group);
    if (order !== null) return { owner: 'order', id: order };
    const crossBank = shares.get(group);
    return crossBank === undefined ? null : { owner: 'crossbank', id: crossBank };
  };
  const partOf = (group: string): PartOf => {
    const owner = ownerOf(group);
    if (owner !== null) return owner;
    return { owner: holds.has(group) ? 'hold' : 'transaction', id: group };
  };
  const reversedOf = (transfer: string) =>
    [...reversals.values()]
      .filter(({ reverses }) => reverses === transfer)
      .reduce((sum, { amount }) => sum + amount, 0n);
  return {
    correctable(id) {
      const transfer = transfers.get(id);
      if (transfer === undefined) return undefined;
      const { transaction } = transfer;
      return {
        transfer,
        reversed: reversedOf(id),
        partOf: transaction === null ? null : partOf(transaction),
      };
    },
    group(id) {
      const moved = [...transfers.values()].filter(({ transaction }) => transaction === id);
      if (moved.length === 0) return undefined;
      const isReversed = moved.some((transfer) => reversedOf(transfer.id) > 0n);
      return { partOf: ownerOf(id), transfers: moved, isReversed };
    },
    order(id) {
      const order = orders.get(id);
      if (order === undefined) return undefined;
      if (order.status === 'refused') return { state: 'refused' };
      return { state: cancellations.has(id) ? 'cancelled' : 'completed', order };
    },
  };
}

/** What a primary key does for the bank's database: a forged journal can't write over what stands. */
function addOnce<Fact>(facts: Map<string, Fact>, key: string, fact: Fact): void {
  if (facts.has(key)) throw new Error(`${key} stands already`);
  facts.set(key, fact);
}
