import { openAccount } from './account.ts';
import { applyAccountFact } from './apply-account.ts';
import { applyConsortiumFact } from './apply-consortium.ts';
import { applyCorrection } from './apply-correction.ts';
import { applyHoldFact } from './apply-hold.ts';
import { applyLeaseFact } from './apply-lease.ts';
import { cashAccount } from './account-id.ts';
import { goodsAsset } from './asset.ts';
import {
  refusalOf,
  type AccountOpened,
  type Event,
  type Fact,
  type OrderCompleted,
  type OrderRefused,
  type ProductChanged,
  type ProductCreated,
} from './event.ts';
import { goodsAccounts, goodsRoute } from './goods.ts';
import type { Ledger } from './ledger.ts';
import { NO_METADATA } from './metadata.ts';
import { orderTransfers } from './order-transfers.ts';
import { post } from './post.ts';
import type { Transfer } from './transfer.ts';

/**
 * Folds one event into the ledger. Everything that the ledger holds comes about here, in the engine
 * as in the verifier, so the journal alone gives every balance, stock, order and outcome (I8).
 * `at` is the block's time in milliseconds. Throws when the event can't follow what stands.
 */
export function apply(ledger: Ledger, event: Event, at: number): void {
  const { seq, command, fact } = event;
  applyFact(ledger, fact, seq, at);
  if (command === null) return;
  const code = fact.type === 'command.failed' ? 'internal_error' : (refusalOf(fact)?.code ?? null);
  ledger.addOutcome({
    principal: command.principal,
    id: command.id,
    hash: command.hash,
    seq,
    code,
  });
}

function applyFact(ledger: Ledger, fact: Fact, seq: number, at: number): void {
  switch (fact.type) {
    case 'account.opened':
      openClientAccount(ledger, fact, seq, at);
      break;
    case 'transfer.posted':
      post(ledger, fact.transfer, seq, 0, null, at);
      break;
    case 'transaction.posted':
      ledger.addTransaction(fact.id, seq, null);
      fact.transfers.forEach((transfer, leg) => post(ledger, transfer, seq, leg, fact.id, at));
      break;
    case 'product.created':
    case 'product.changed':
    case 'goods.received':
    case 'goods.adjusted':
      applyGoodsFact(ledger, fact, seq, at);
      break;
    case 'order.completed':
      completeOrder(ledger, fact, seq, at);
      break;
    case 'order.refused':
      keepRefusedOrder(ledger, fact, seq, at);
      break;
    case 'hold.placed':
    case 'hold.captured':
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
      applyHoldFact(ledger, fact, seq, at);
      break;
    case 'transfer.reversed':
    case 'transaction.reversed':
    case 'order.cancelled':
      applyCorrection(ledger, fact, seq, at);
      break;
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      applyAccountFact(ledger, fact, seq);
      break;
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
      applyLeaseFact(ledger, fact, seq, at);
      break;
    case 'crossbank.prepared':
    case 'crossbank.committed':
    case 'crossbank.aborted':
    case 'crossbank.doubted':
    case 'crossbank.settled':
    case 'consent.granted':
    case 'consent.revoked':
    case 'peer.limited':
      applyConsortiumFact(ledger, fact, seq, at);
      break;
    case 'bank.opened':
      ledger.openBank(fact.bank);
      break;
    case 'command.refused':
    case 'command.failed':
      break;
  }
}

/** The first account of an asset also opens `cash:<code>`, which fixes the code's scale. */
function openClientAccount(ledger: Ledger, fact: AccountOpened, seq: number, at: number): void {
  if (ledger.account(fact.account) !== undefined) {
    throw new Error(`event ${seq} opens an account that stands`);
  }
  const cash = cashAccount(fact.asset);
  if (ledger.account(cash) === undefined) {
    ledger.putAccount(openAccount(cash, fact.asset, null, at, NO_METADATA));
  }
  const { account, asset, creditLimit, maximumBalance, metadata } = fact;
  ledger.putAccount(openAccount(account, asset, creditLimit, at, metadata, maximumBalance));
}

type GoodsFact = Extract<Fact, { readonly type: `product.${string}` | `goods.${string}` }>;

function applyGoodsFact(ledger: Ledger, fact: GoodsFact, seq: number, at: number): void {
  switch (fact.type) {
    case 'product.created':
      createProduct(ledger, fact, seq, at);
      return;
    case 'product.changed':
      changeProduct(ledger, fact, seq);
      return;
    case 'goods.received':
    case 'goods.adjusted':
      post(ledger, goodsTransfer(fact.sku, fact.quantity, fact.transferId), seq, 0, null, at);
      return;
  }
}

function createProduct(ledger: Ledger, fact: ProductCreated, seq: number, at: number): void {
  const { sku, name, price, asset, merchant, stock, transferId } = fact;
  if (ledger.product(sku) !== undefined) throw new Error(`event ${seq} creates a product again`);
  ledger.putProduct({ sku, name, price, asset, merchant, version: 1, createdAt: at });
  for (const { id, creditLimit } of goodsAccounts(sku)) {
    ledger.putAccount(openAccount(id, goodsAsset(sku), creditLimit, at, NO_METADATA));
  }
  if (stock > 0n) post(ledger, goodsTransfer(sku, stock, transferId), seq, 0, null, at);
}

function changeProduct(ledger: Ledger, { sku, name, price }: ProductChanged, seq: number): void {
  const product = ledger.product(sku);
  if (product === undefined) throw new Error(`event ${seq} changes an unknown product`);
  ledger.putProduct({ ...product, name, price, version: product.version + 1 });
}

function goodsTransfer(sku: string, quantity: bigint, id: string): Transfer {
  return { id, ...goodsRoute(sku, quantity), asset: goodsAsset(sku), metadata: NO_METADATA };
}

function completeOrder(ledger: Ledger, fact: OrderCompleted, seq: number, at: number): void {
  const { id, customer, merchant, asset, lines, total } = fact;
  ledger.addTransaction(id, seq, null);
  orderTransfers(fact).forEach((transfer, leg) => post(ledger, transfer, seq, leg, id, at));
  const crossBank = null;
  const order = { id, customer, merchant, asset, lines, total, crossBank, seq, at };
  ledger.addOrder({ status: 'completed', ...order });
}

/** A refused order moved nothing; it keeps its id and its reason. */
function keepRefusedOrder(ledger: Ledger, fact: OrderRefused, seq: number, at: number): void {
  const { id, customer, merchant, lines, refusal } = fact;
  ledger.addTransaction(id, seq, null);
  ledger.addOrder({ status: 'refused', id, customer, merchant, lines, refusal, seq, at });
}
