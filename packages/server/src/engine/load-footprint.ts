import {
  footprint,
  NO_FOOTPRINT,
  outcomeKey,
  ownFootprint,
  type Footprint,
  type LedgerView,
} from '@lastro/core';
import type { StoredAccount } from '../store/row-types.ts';
import type { Writer } from '../store/writer.ts';
import { nonceKey } from './block-consortium.ts';
import { noLoadedFacts, presentIn, type LoadedFacts } from './loaded-facts.ts';
import { orPoison } from './poison.ts';
import type { Known, RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import type { KnownIds } from './working-ledger.ts';

/** A command names rows in at most three rounds: itself, what it corrects, what their assets name. */
const ROUNDS_MAX = 4;

/** What a block does before any command: see `housekeeping.ts`. */
export interface Chores {
  /** Accounts of which the leases may have run out. */
  readonly leases: Iterable<string>;
  /** Accounts on which due holds lie. */
  readonly accounts: Iterable<string>;
}

export interface FootprintTerms {
  /** The bank's own id. */
  readonly bank: string;
  /** Whether ids that a command would use anew are taken for new. */
  readonly trusting: boolean;
}

/**
 * Loads every row that deciding these tickets and doing these chores will look at: accounts and
 * products into the cache, the rest into what it returns.
 */
export async function loadFootprint(
  tickets: readonly Ticket[],
  chores: Chores,
  terms: FootprintTerms,
  cache: RowCache,
  writer: Writer,
): Promise<LoadedFacts> {
  const facts = noLoadedFacts();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const missing = orPoison(() => missingRows(tickets, chores, terms, cache, facts));
    if (missing.isEmpty) return facts;
    await Promise.all([
      loadCached(missing, cache, writer),
      loadFacts(missing, facts, writer),
      loadConsortiumFacts(missing, facts, writer),
    ]);
  }
  return facts;
}

/** What deciding these tickets will look at, beside the cache; undefined: something must be loaded first. */
export function factsAtHand(
  tickets: readonly Ticket[],
  terms: FootprintTerms,
  cache: RowCache,
): LoadedFacts | undefined {
  const facts = noLoadedFacts();
  const missing = missingRows(tickets, { leases: [], accounts: [] }, terms, cache, facts);
  return missing.isEmpty ? facts : undefined;
}

type MissingRows = ReturnType<typeof missingRows>;

function missingRows(
  tickets: readonly Ticket[],
  chores: Chores,
  { bank, trusting }: FootprintTerms,
  cache: RowCache,
  facts: LoadedFacts,
) {
  let isEmpty = true;
  const wanted = (isKnown: (id: string) => boolean) => {
    const ids = new Set<string>();
    const want = (id: string) => {
      if (isKnown(id)) return;
      ids.add(id);
      isEmpty = false;
    };
    return { ids, want };
  };
  const accounts = wanted((id) => cache.accounts.has(id));
  const products = wanted((sku) => cache.products.get(sku) !== undefined);
  const holds = wanted((id) => facts.holds.has(id) || cache.ownedHolds.get(id) !== undefined);
  const leases = wanted((id) => facts.leases.has(id));
  const correctables = wanted((id) => facts.correctables.has(id));
  const groups = wanted((id) => facts.groups.has(id));
  const orders = wanted((id) => facts.orders.has(id));
  const isRecorded = (id: string) =>
    facts.crossBanks.has(id) || cache.crossBanks.get(id) !== undefined;
  const crossBanks = wanted(isRecorded);
  const begun = new Set<string>();
  const consents = wanted((id) => facts.consents.has(id));
  const into: Footprint = {
    ...NO_FOOTPRINT,
    account: accounts.want,
    product: products.want,
    hold: holds.want,
    leases: leases.want,
    correctable: correctables.want,
    group: groups.want,
    order: orders.want,
    crossBank: crossBanks.want,
    newCrossBank: trusting ? (id) => void begun.add(id) : crossBanks.want,
    consent: consents.want,
  };
  const view = viewOf(bank, cache, facts);
  for (const ticket of tickets) name(ticket, view, into);
  for (const account of chores.accounts) accounts.want(account);
  for (const account of chores.leases) {
    accounts.want(account);
    leases.want(account);
  }
  // Unless something looks for it, what is about to begin is taken for new: a unique key tells.
  for (const id of begun) {
    if (!isRecorded(id) && !crossBanks.ids.has(id)) facts.crossBanks.set(id, 'absent');
  }
  return {
    isEmpty,
    accounts: [...accounts.ids],
    products: [...products.ids],
    holds: [...holds.ids],
    leases: [...leases.ids],
    correctables: [...correctables.ids],
    groups: [...groups.ids],
    orders: [...orders.ids],
    crossBanks: [...crossBanks.ids],
    consents: [...consents.ids],
  };
}

/** What a ticket will look at. */
function name(ticket: Ticket, view: LedgerView, into: Footprint): void {
  if (ticket.kind === 'command') footprint(ticket.envelope.command, view, into);
  else ownFootprint(ticket.own, view, into);
}

async function loadCached(
  { accounts, products }: MissingRows,
  cache: RowCache,
  writer: Writer,
): Promise<void> {
  const [storedAccounts, storedProducts] = await Promise.all([
    accounts.length === 0 ? [] : writer.loadAccounts(accounts),
    products.length === 0 ? [] : writer.loadProducts(products),
  ]);
  keepLookedUp(cache, { asked: accounts, found: storedAccounts });
  for (const sku of products) cache.products.set(sku, 'absent');
  for (const product of storedProducts) cache.products.set(product.sku, product);
}

/** Accounts that were looked up. */
export interface LookedUp {
  readonly asked: readonly string[];
  /** Those that stand. */
  readonly found: readonly StoredAccount[];
}

/** Notes what was asked for, found or not. */
export function keepLookedUp(cache: RowCache, { asked, found }: LookedUp): void {
  for (const id of asked) cache.accounts.set(id, 'absent');
  for (const stored of found) cache.accounts.set(stored.account.id, stored);
}

/**
 * The accounts that tickets name by themselves, whatever stands: most of what most of them look at.
 * Of one that can't be judged, what it named until then. Never throws.
 */
export function accountsNamed(tickets: readonly Ticket[], bank: string): ReadonlySet<string> {
  const accounts = new Set<string>();
  const into: Footprint = { ...NO_FOOTPRINT, account: (id) => void accounts.add(id) };
  const view = nothingStands(bank);
  for (const ticket of tickets) {
    try {
      name(ticket, view, into);
    } catch {
      // It throws again when its turn comes, where somebody hears of it.
    }
  }
  return accounts;
}

async function loadFacts(missing: MissingRows, facts: LoadedFacts, writer: Writer): Promise<void> {
  const { holds, leases, correctables, groups, orders } = missing;
  const [foundHolds, foundLeases, foundCorrectables, foundGroups, foundOrders] = await Promise.all([
    holds.length === 0 ? [] : writer.loadHolds(holds),
    leases.length === 0 ? [] : writer.loadLeases(leases),
    correctables.length === 0 ? [] : writer.loadCorrectables(correctables),
    groups.length === 0 ? new Map() : writer.loadGroups(groups),
    orders.length === 0 ? new Map() : writer.loadOrders(orders),
  ]);
  note(facts.holds, holds, new Map(foundHolds.map((hold) => [hold.id, hold])));
  for (const account of leases) {
    facts.leases.set(
      account,
      foundLeases.filter((lease) => lease.account === account),
    );
  }
  const byTransfer = foundCorrectables.map((found) => [found.transfer.id, found] as const);
  note(facts.correctables, correctables, new Map(byTransfer));
  note(facts.groups, groups, foundGroups);
  note(facts.orders, orders, foundOrders);
}

async function loadConsortiumFacts(
  { crossBanks, consents }: MissingRows,
  facts: LoadedFacts,
  writer: Writer,
): Promise<void> {
  const [foundCrossBanks, foundConsents] = await Promise.all([
    crossBanks.length === 0 ? [] : writer.loadCrossBanks(crossBanks),
    consents.length === 0 ? [] : writer.loadConsents(consents),
  ]);
  note(facts.crossBanks, crossBanks, new Map(foundCrossBanks.map((found) => [found.id, found])));
  note(facts.consents, consents, new Map(foundConsents.map((found) => [found.id, found])));
}

function note<Row>(
  known: Map<string, Known<Row>>,
  asked: readonly string[],
  found: ReadonlyMap<string, Row>,
): void {
  for (const id of asked) known.set(id, found.get(id) ?? 'absent');
}

function nothingStands(bank: string): LedgerView {
  return {
    bank,
    account: nothing,
    product: nothing,
    hold: nothing,
    leases: () => [],
    correctable: nothing,
    group: nothing,
    order: nothing,
    crossBank: nothing,
    consent: nothing,
    outcome: nothing,
    isTransferTaken: () => false,
    isTransactionTaken: () => false,
  };
}

function nothing(): undefined {}

/** Enough of a view for a footprint: what is loaded so far. */
function viewOf(bank: string, cache: RowCache, facts: LoadedFacts): LedgerView {
  return {
    bank,
    account: (id) => presentIn(cache.accounts.get(id))?.account,
    product: (sku) => presentIn(cache.products.get(sku)),
    hold: (id) => presentIn(facts.holds.get(id)) ?? cache.ownedHolds.get(id),
    leases: (account) => facts.leases.get(account) ?? [],
    correctable: (id) => presentIn(facts.correctables.get(id)),
    group: (id) => presentIn(facts.groups.get(id)),
    order: (id) => presentIn(facts.orders.get(id)),
    crossBank: (id) => cache.crossBanks.get(id) ?? presentIn(facts.crossBanks.get(id)),
    consent: (id) => presentIn(facts.consents.get(id)),
    outcome: () => undefined,
    isTransferTaken: () => false,
    isTransactionTaken: () => false,
  };
}

/** Looks up which of the tickets' ids stand already; of a command that is not decided, its own alone. */
export async function loadKnownIds(
  tickets: readonly Ticket[],
  mode: 'careful' | 'recording',
  bank: string,
  cache: RowCache,
  facts: LoadedFacts,
  writer: Writer,
): Promise<KnownIds> {
  const transferIds = new Set<string>();
  const transactionIds = new Set<string>();
  const into: Footprint = {
    ...NO_FOOTPRINT,
    transfer: (id) => void transferIds.add(id),
    transaction: (id) => void transactionIds.add(id),
  };
  const view = viewOf(bank, cache, facts);
  if (mode === 'careful') {
    orPoison(() => {
      for (const ticket of tickets) name(ticket, view, into);
    });
  }
  const envelopes = tickets.flatMap((ticket) =>
    ticket.kind === 'command' ? [ticket.envelope] : [],
  );
  const riding = tickets.flatMap((ticket) => (ticket.kind === 'own' ? ticket.nonces : []));
  const [outcomes, nonces, transfers, transactions] = await Promise.all([
    envelopes.length === 0 ? [] : writer.loadOutcomes(envelopes),
    riding.length === 0 ? [] : writer.loadSpentNonces(riding),
    transferIds.size === 0 ? [] : writer.loadTakenTransfers([...transferIds]),
    transactionIds.size === 0 ? [] : writer.loadTakenTransactions([...transactionIds]),
  ]);
  return {
    outcomes: new Map(
      outcomes.map((outcome) => [outcomeKey(outcome.principal, outcome.id), outcome]),
    ),
    nonces: new Set(nonces.map(nonceKey)),
    transfers: new Set(transfers),
    transactions: new Set(transactions),
  };
}
