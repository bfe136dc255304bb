import {
  createGenerationalCache,
  type GenerationalCache,
} from '../../engine/generational-cache.ts';
import type { Reads } from '../../store/reads.ts';

/** Twice as many are remembered at most. */
const REMEMBERED = 20_000;

/** What accounts count. That never changes, nor does an account go away, so it is read once. */
export class AccountAssets {
  readonly #reads: Pick<Reads, 'rows'>;
  readonly #known: GenerationalCache<string> = createGenerationalCache(REMEMBERED);

  constructor(reads: Pick<Reads, 'rows'>) {
    this.#reads = reads;
  }

  /** The asset of each of the accounts that stand. */
  async of(accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const unread = new Set<string>();
    for (const account of accounts) {
      const asset = this.#known.get(account);
      if (asset === undefined) unread.add(account);
      else found.set(account, asset);
    }
    if (unread.size === 0) return found;
    const rows = await this.#reads.rows<{ id: string; asset: string }>(
      'select id, asset from account where id = any($1::text[])',
      [[...unread]],
    );
    for (const { id, asset } of rows) {
      this.#known.set(id, asset);
      found.set(id, asset);
    }
    return found;
  }
}
