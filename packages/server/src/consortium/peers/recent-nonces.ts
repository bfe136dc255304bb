import type { Nonce, NonceStore } from '../messages/nonces.ts';

/** More than any number of peers sends while a nonce must be kept. */
const NONCES_MAX = 100_000;

/**
 * Nonces of this process, for messages that change nothing but who was heard when. Those with an
 * effect in the ledger are spent in its blocks.
 */
export class RecentNonces implements NonceStore {
  /** By when each may be forgotten, in the order in which they came. */
  readonly #keepUntil = new Map<string, number>();
  readonly #clock: () => number;

  /** @param clock milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  spend({ keyId, value, keepUntil }: Nonce): Promise<boolean> {
    this.#forgetOld();
    const name = `${keyId} ${value}`;
    if (this.#keepUntil.has(name)) return Promise.resolve(false);
    if (this.#keepUntil.size >= NONCES_MAX) {
      return Promise.reject(new Error('too many messages to remember their nonces'));
    }
    this.#keepUntil.set(name, keepUntil);
    return Promise.resolve(true);
  }

  /** The oldest are forgotten first; one that must be kept longer keeps the later ones, too. */
  #forgetOld(): void {
    const now = this.#clock();
    for (const [name, keepUntil] of this.#keepUntil) {
      if (keepUntil > now) return;
      this.#keepUntil.delete(name);
    }
  }
}
