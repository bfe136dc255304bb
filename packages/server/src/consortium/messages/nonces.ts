/** A nonce of a verified message; unique per key for as long as the message could be sent again. */
export interface Nonce {
  readonly keyId: string;
  readonly value: string;
  /** Milliseconds since 1970; afterwards the message is refused as expired, and this may be forgotten. */
  readonly keepUntil: number;
}

/**
 * Where spent nonces are kept. What has an effect spends its nonce in the block of that effect: such a
 * store looks here, and the block's unique constraint is the judge.
 */
export interface NonceStore {
  /**
   * Takes the nonce if nobody did: true for exactly one of many who try, also after a restart, until
   * `keepUntil`. Rejects when it can't be known; then the message is not obeyed.
   */
  spend(nonce: Nonce): Promise<boolean>;
}
