import type { Account } from './account.ts';
import { isSystemAccount, soldAccount, stockAccount } from './account-id.ts';
import { goodsAsset } from './asset.ts';
import type { CancelOrder, ReverseTransaction, ReverseTransfer } from './command.ts';
import type { Ruling } from './decision.ts';
import type { HoldLeg } from './hold.ts';
import type { LedgerView } from './ledger.ts';
import { NO_METADATA } from './metadata.ts';
import { movementRefusal } from './movement.ts';
import type { CompletedOrder } from './order.ts';
import type { Refusal } from './refusal.ts';
import { createScratch } from './scratch.ts';
import type { Terms } from './terms.ts';
import type { Transfer } from './transfer.ts';
import { numberedId } from './transfer-id.ts';

/** Moves an amount back; all reversals of a transfer together never more than it moved. */
export function decideReverseTransfer(
  view: LedgerView,
  command: ReverseTransfer,
  terms: Terms,
): Ruling {
  const found = view.correctable(command.reverses);
  if (found === undefined) return { code: 'transfer_not_found' };
  const { transfer: original, reversed, partOf } = found;
  if (partOf !== null) return { code: 'part_of', ...partOf };
  const owned = [original.from, original.to].find(
    (id) => isSystemAccount(id) && !(command.mayMoveCash && id.startsWith('cash:')),
  );
  if (owned !== undefined) return { code: 'system_account', account: owned };
  const remaining = original.amount - reversed;
  const amount = command.amount ?? remaining;
  if (command.amount !== null && amount <= 0n) return { code: 'amount_out_of_range' };
  if (amount > remaining || remaining === 0n) return { code: 'amount_exceeded', remaining };
  const leg = {
    from: original.to,
    to: original.from,
    amount,
    asset: original.asset,
    metadata: command.metadata,
  };
  const refusal = legRefusal(view, leg, terms);
  if (refusal !== undefined) return refusal;
  if (view.isTransferTaken(command.id)) return { code: 'id_taken' };
  return {
    type: 'transfer.reversed',
    reverses: command.reverses,
    transfer: { id: command.id, ...leg },
  };
}

/** Moves a transaction or a captured group back as a whole, its last transfer first. */
export function decideReverseTransaction(
  view: LedgerView,
  command: ReverseTransaction,
  terms: Terms,
): Ruling {
  const found = view.group(command.reverses);
  if (found === undefined) return { code: 'transaction_not_found' };
  if (found.partOf !== null) return { code: 'part_of', ...found.partOf };
  if (found.isReversed) return { code: 'already_reversed' };
  const scratch = createScratch(view);
  const legs: { readonly reverses: string; readonly transfer: Transfer }[] = [];
  for (const original of found.transfers.toReversed()) {
    const { from, to, amount, asset } = original;
    const leg = { from: to, to: from, amount, asset, metadata: NO_METADATA };
    const refusal = legRefusal(scratch, leg, terms);
    if (refusal !== undefined) return refusal;
    const transfer = { id: numberedId(command.transferId, legs.length), ...leg };
    scratch.post(transfer);
    legs.push({ reverses: original.id, transfer });
  }
  const isTaken =
    view.isTransactionTaken(command.id) ||
    legs.some(({ transfer }) => view.isTransferTaken(transfer.id));
  if (isTaken) return { code: 'id_taken' };
  return { type: 'transaction.reversed', reverses: command.reverses, id: command.id, legs };
}

/** Takes a completed order back: the money and all its goods, in one transaction (invariant I4). */
export function decideCancelOrder(view: LedgerView, command: CancelOrder, terms: Terms): Ruling {
  const found = view.order(command.order);
  if (found === undefined) return { code: 'order_not_found' };
  if (found.state !== 'completed') return { code: 'order_not_completed', status: found.state };
  const { order } = found;
  // Its money lies in another bank, which has a say in it.
  if (order.crossBank !== null) {
    return { code: 'part_of', owner: 'crossbank', id: order.crossBank };
  }
  const legs = cancellationLegs(order);
  for (const leg of legs) {
    // The parts of an order touch different accounts, so each can be judged by itself.
    const refusal = legRefusal(view, leg, terms);
    if (refusal !== undefined) return refusal;
  }
  const transfers = legs.map((leg, index) => ({
    id: numberedId(command.transferId, index),
    ...leg,
  }));
  const isTaken =
    view.isTransactionTaken(command.id) || transfers.some(({ id }) => view.isTransferTaken(id));
  if (isTaken) return { code: 'id_taken' };
  return { type: 'order.cancelled', order: order.id, id: command.id, transfers };
}

/** What cancelling an order moves: its money, when it cost any, then the goods of each line. */
export function cancellationLegs(order: CompletedOrder): readonly HoldLeg[] {
  const { customer, merchant, asset, lines, total } = order;
  const metadata = NO_METADATA;
  const goods = lines.map(({ sku, quantity }) => ({
    from: soldAccount(sku),
    to: stockAccount(sku),
    amount: quantity,
    asset: goodsAsset(sku),
    metadata,
  }));
  return total === 0n
    ? goods
    : [{ from: merchant, to: customer, amount: total, asset, metadata }, ...goods];
}

function legRefusal(view: LedgerView, leg: HoldLeg, terms: Terms): Refusal | undefined {
  return movementRefusal(standing(view, leg.from), standing(view, leg.to), leg.amount, terms);
}

/** An account that moved before stands. */
function standing(view: LedgerView, id: string): Account {
  const account = view.account(id);
  if (account === undefined) throw new Error(`account ${id} moved and does not stand`);
  return account;
}
