/** Owners remembered at once for all accounts; the one that was heard of longest ago goes first. */
const OWNERS_MAX = 10_000;

/**
 * Who was given a lock and has not given it back, for clients that have no place for a fencing token.
 * It is no lock: whether one stands, and under which token, the bank says. It tells that an owner had
 * one, so that what the owner computed under it is not written after it ran out.
 */
export class PastHolders {
  readonly #known = new Set<string>();

  remember(account: string, owner: string): void {
    const key = keyOf(account, owner);
    this.#known.delete(key);
    this.#known.add(key);
    const [oldest] = this.#known;
    if (this.#known.size > OWNERS_MAX && oldest !== undefined) this.#known.delete(oldest);
  }

  /** The owner gave its lock back, or knows that it lost it. */
  forget(account: string, owner: string): void {
    this.#known.delete(keyOf(account, owner));
  }

  has(account: string, owner: string): boolean {
    return this.#known.has(keyOf(account, owner));
  }
}

function keyOf(account: string, owner: string): string {
  return `${account} ${owner}`;
}
