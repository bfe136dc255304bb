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

/** The id by which a cross-bank transaction is known among this bank's own: its UUID. */
export function localTransactionId(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
