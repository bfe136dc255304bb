/** Owners remembered at once for all accounts; the one that was heard of longest ago goes first. */
const OWNERS_MAX = 10_000;

/**
 * The fencing tokens of locks that were given out, for clients that have no place for them. It is no
 * lock: whether one stands, the bank says. It tells that an owner had one, so that what the owner
 * computed under it is not written after it ran out.
 */
export class HeldTokens {
  readonly #tokens = new Map<string, number>();

  remember(account: string, owner: string, token: number): void {
    const key = keyOf(account, owner);
    this.#tokens.delete(key);
    this.#tokens.set(key, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > OWNERS_MAX && oldest !== undefined) this.#tokens.delete(oldest);
  }

  /** The owner gave its lock back, or knows that it lost it. */
  forget(account: string, owner: string): void {
    this.#tokens.delete(keyOf(account, owner));
  }

  isKnown(account: string, owner: string): boolean {
    return this.#tokens.has(keyOf(account, owner));
  }
}

function keyOf(account: string, owner: string): string {
  return `${account} ${owner}`;
}
