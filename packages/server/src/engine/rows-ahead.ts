import type { AccountsAsOf } from '../store/read-accounts.ts';
import { accountsNamed } from './load-footprint.ts';
import type { RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';

/** For fewer it isn't worth a statement. */
const ACCOUNTS_MIN = 32;
/** Asked for at once. */
const ACCOUNTS_MAX = 1_000;

export type ReadAccounts = (ids: readonly string[]) => Promise<AccountsAsOf>;

/**
 * Accounts for the next block, read while the one before is on its way: by another connection, so that
 * they come meanwhile and not behind it. A row says of which head it is, and goes into the cache only
 * while that is of the same one: whatever the connection was to, and whoever wrote in between. What
 * doesn't come in time is loaded as if nobody had asked.
 */
export class RowsAhead {
  readonly #cache: RowCache;
  readonly #read: ReadAccounts;
  /** Not asked for yet, at most `ACCOUNTS_MAX`. */
  readonly #wanted = new Set<string>();
  #isUnderWay = false;
  #isAsking = false;

  constructor(cache: RowCache, read: ReadAccounts) {
    this.#cache = cache;
    this.#read = read;
  }

  /** It waits for the next block. Never throws. */
  note(ticket: Ticket): void {
    const { head, accounts } = this.#cache;
    if (head === undefined) return;
    for (const account of accountsNamed([ticket], head.bank)) {
      if (this.#wanted.size < ACCOUNTS_MAX && !accounts.holds(account)) this.#wanted.add(account);
    }
    this.#ask();
  }

  /** A block was sent: what comes now waits for the next one. Never throws. */
  begin(): void {
    this.#isUnderWay = true;
    for (const account of this.#wanted) {
      if (this.#cache.accounts.holds(account)) this.#wanted.delete(account);
    }
    this.#ask();
  }

  /** It was answered: what is missing still is loaded at once, whatever was asked. */
  end(): void {
    this.#isUnderWay = false;
    this.#wanted.clear();
  }

  #ask(): void {
    if (!this.#isUnderWay || this.#isAsking || this.#wanted.size < ACCOUNTS_MIN) return;
    const asked = [...this.#wanted];
    this.#wanted.clear();
    this.#isAsking = true;
    this.#read(asked)
      .then((answer) => this.#keep(answer))
      // Whoever needs them loads them, and hears of it.
      .catch(() => undefined)
      .finally(() => {
        this.#isAsking = false;
        this.#ask();
      });
  }

  #keep({ hash, accounts }: AccountsAsOf): void {
    // A block that is decided must find what was loaded for it: nothing comes into the cache meanwhile.
    if (!this.#isUnderWay) return;
    if (this.#cache.head?.hash !== hash) return;
    for (const stored of accounts) this.#cache.accounts.set(stored.account.id, stored);
  }
}
