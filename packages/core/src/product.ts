/** Something sold. Its units lie on the accounts `stock:`, `sold:`, `received:` and `written-off:`. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  /** Minor units of `asset` for one unit. */
  readonly price: bigint;
  readonly asset: string;
  /** The only account that may be paid for it; null: any. */
  readonly merchant: string | null;
  /** Rises by one with every change of name or price. */
  readonly version: number;
  readonly createdAt: number;
}
