import type { Absent, Durable } from './consortium/protocol-state.ts';
import type { OrderLine } from './order.ts';

/** What the bank has recorded of one cross-bank transaction. */
export interface CrossBankRecord {
  /** `<bank>/<uuid>`. */
  readonly id: string;
  readonly durable: Exclude<Durable, Absent>;
  /** The purchase that it pays for; null: none. */
  readonly order: PendingOrder | null;
  /** Of the event that recorded it first. */
  readonly seq: number;
  /** Milliseconds since 1970, block time. */
  readonly at: number;
  /** Of the event that decided it here; null: it is undecided. */
  readonly decidedSeq: number | null;
}

/** An order that waits for the decision of the transaction that pays for it; prices are decided. */
export interface PendingOrder {
  readonly id: string;
  /** `<bank>/<account>`. */
  readonly customer: string;
  readonly merchant: string;
  readonly asset: string;
  readonly lines: readonly OrderLine[];
  readonly total: bigint;
}

/**
 * The id by which this bank's share of a transaction is known among its own transactions, orders and
 * holds: that of the order which it pays for, else the UUID of its own.
 */
export function localTransactionId(id: string, order: Pick<PendingOrder, 'id'> | null): string {
  return order?.id ?? id.slice(id.indexOf('/') + 1);
}
