import { footprint, outcomeKey, type Footprint, type LedgerView } from '@lastro/core';
import type { Writer } from '../store/writer.ts';
import { orPoison } from './poison.ts';
import type { RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import type { KnownIds } from './working-ledger.ts';

/** A command names rows in at most two rounds: itself, then what its accounts' assets name. */
const ROUNDS_MAX = 3;

/** Loads into the cache every row that deciding these tickets will look at. */
export async function loadFootprint(
  tickets: readonly Ticket[],
  cache: RowCache,
  writer: Writer,
): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const missing = orPoison(() => missingRows(tickets, cache));
    const accounts = [...missing.accounts];
    const products = [...missing.products];
    if (accounts.length === 0 && products.length === 0) return;
    const [storedAccounts, storedProducts] = await Promise.all([
      accounts.length === 0 ? [] : writer.loadAccounts(accounts),
      products.length === 0 ? [] : writer.loadProducts(products),
    ]);
    for (const id of accounts) cache.accounts.set(id, 'absent');
    for (const stored of storedAccounts) cache.accounts.set(stored.account.id, stored);
    for (const sku of products) cache.products.set(sku, 'absent');
    for (const product of storedProducts) cache.products.set(product.sku, product);
  }
}

function missingRows(tickets: readonly Ticket[], cache: RowCache) {
  const accounts = new Set<string>();
  const products = new Set<string>();
  const into: Footprint = {
    account: (id) => {
      if (cache.accounts.get(id) === undefined) accounts.add(id);
    },
    product: (sku) => {
      if (cache.products.get(sku) === undefined) products.add(sku);
    },
    transfer: ignore,
    transaction: ignore,
  };
  const view = viewOf(cache);
  for (const { envelope } of tickets) footprint(envelope.command, view, into);
  return { accounts, products };
}

function ignore(): void {
  // Ids are inserted on trust; see `loadKnownIds`.
}

/** Enough of a view for a footprint: what is loaded so far. */
function viewOf(cache: RowCache): LedgerView {
  return {
    account(id) {
      const known = cache.accounts.get(id);
      return known === undefined || known === 'absent' ? undefined : known.account;
    },
    product(sku) {
      const known = cache.products.get(sku);
      return known === 'absent' ? undefined : known;
    },
    outcome: () => undefined,
    isTransferTaken: () => false,
    isTransactionTaken: () => false,
  };
}

/** Looks up which of the tickets' ids stand already; of a command that is not decided, its own alone. */
export async function loadKnownIds(
  tickets: readonly Ticket[],
  mode: 'careful' | 'recording',
  writer: Writer,
): Promise<KnownIds> {
  const transferIds = new Set<string>();
  const transactionIds = new Set<string>();
  const into: Footprint = {
    account: ignore,
    product: ignore,
    transfer: (id) => void transferIds.add(id),
    transaction: (id) => void transactionIds.add(id),
  };
  const nothing: LedgerView = {
    account: () => undefined,
    product: () => undefined,
    outcome: () => undefined,
    isTransferTaken: () => false,
    isTransactionTaken: () => false,
  };
  if (mode === 'careful') {
    orPoison(() => {
      for (const { envelope } of tickets) footprint(envelope.command, nothing, into);
    });
  }
  const [outcomes, transfers, transactions] = await Promise.all([
    writer.loadOutcomes(tickets.map(({ envelope }) => envelope)),
    transferIds.size === 0 ? [] : writer.loadTakenTransfers([...transferIds]),
    transactionIds.size === 0 ? [] : writer.loadTakenTransactions([...transactionIds]),
  ]);
  return {
    outcomes: new Map(
      outcomes.map((outcome) => [outcomeKey(outcome.principal, outcome.id), outcome]),
    ),
    transfers: new Set(transfers),
    transactions: new Set(transactions),
  };
}
