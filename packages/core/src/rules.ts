/** What a bank's operator may set. */
export interface Rules {
  /** Upper bound of one amount, at most `SAFE_MAX`. */
  readonly amountMax: bigint;
}
