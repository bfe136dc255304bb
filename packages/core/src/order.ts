import type { Refusal } from './refusal.ts';

/** What a customer asks for. */
export interface OrderRequestLine {
  readonly sku: string;
  /** Units, at least 1. */
  readonly quantity: bigint;
}

/** A line as it was decided: name and price are copied from the product at that moment. */
export interface OrderLine extends OrderRequestLine {
  readonly name: string;
  readonly unitPrice: bigint;
  readonly total: bigint;
}

interface OrderBase {
  readonly id: string;
  /** An account of this bank, or `<bank>/<account>` of another one. */
  readonly customer: string;
  readonly merchant: string;
  readonly seq: number;
  readonly at: number;
}

/** A completed order is one transaction of money and goods, which has the order's id. */
export interface CompletedOrder extends OrderBase {
  readonly status: 'completed';
  readonly asset: string;
  readonly lines: readonly OrderLine[];
  readonly total: bigint;
  /** The transaction across banks that paid for it; null: the customer is one of this bank. */
  readonly crossBank: string | null;
}

/** A refused order moved nothing; it stays findable with its reason. */
export interface RefusedOrder extends OrderBase {
  readonly status: 'refused';
  readonly lines: readonly OrderRequestLine[];
  readonly refusal: Refusal;
}

export type Order = CompletedOrder | RefusedOrder;

/** The transaction that took a completed order back. */
export interface OrderCancellation {
  readonly order: string;
  /** Of the transaction. */
  readonly id: string;
  readonly seq: number;
  readonly at: number;
}
