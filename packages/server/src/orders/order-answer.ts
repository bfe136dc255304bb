import type { OrderAnswer } from '@lastro/contract';
import type { PendingOrder } from '@lastro/core';
import { toJsonInteger } from '../http/wire.ts';

/** By which transaction an order's money and goods moved, where in the order of events, and when. */
interface Completion {
  readonly transaction: string;
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** An order as its completion left it. */
export function presentCompleted(order: PendingOrder, completion: Completion): OrderAnswer {
  const { id, customer, merchant, asset, lines, total } = order;
  const { transaction, seq, at } = completion;
  return {
    id,
    status: 'completed',
    customer,
    merchant,
    asset,
    lines: lines.map((line) => ({
      sku: line.sku,
      name: line.name,
      unitPrice: toJsonInteger(line.unitPrice),
      quantity: toJsonInteger(line.quantity),
      total: toJsonInteger(line.total),
    })),
    total: toJsonInteger(total),
    transactionId: transaction,
    seq,
    at,
  };
}
