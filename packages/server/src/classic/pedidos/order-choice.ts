/** Who buys what: drawn at random or given by the caller. */
export interface OrderChoice {
  /** Account id. */
  readonly customer: string;
  /** At least one. */
  readonly lines: readonly ChosenLine[];
}

export interface ChosenLine {
  readonly sku: string;
  /** Units, at least 1. */
  readonly quantity: bigint;
}

/** An order that was answered 202. */
export interface ReceivedOrder {
  /** UUID in lower case. */
  readonly id: string;
  /** Null: to be drawn when its turn comes. */
  readonly choice: OrderChoice | null;
}
