import {
  createGenerationalCache,
  type GenerationalCache,
} from '../../engine/generational-cache.ts';
import type { Reads } from '../../store/reads.ts';

/** Twice as many are remembered at most. */
const REMEMBERED = 20_000;

interface AccountAsset {
  readonly id: string;
  readonly asset: string;
}

/** Reads those of the accounts that stand. */
export type ReadAssets = (accounts: readonly string[]) => Promise<readonly AccountAsset[]>;

/** From the ledger's own table. */
export function readAssetsFrom(reads: Pick<Reads, 'rows'>): ReadAssets {
  return (accounts) =>
    reads.rows<AccountAsset>('select id, asset from account where id = any($1::text[])', [
      accounts,
    ]);
}

/** Accounts that are read together. */
interface Batch {
  readonly accounts: Set<string>;
  readonly assets: Promise<ReadonlyMap<string, string>>;
  readonly resolve: (assets: ReadonlyMap<string, string>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What accounts count. That never changes, nor does an account go away, so it is read once; what is
 * asked while a read is under way goes into the next one.
 */
export class AccountAssets {
  readonly #readAssets: ReadAssets;
  readonly #known: GenerationalCache<string> = createGenerationalCache(REMEMBERED);
  #next: Batch | undefined;
  #isReading = false;

  constructor(readAssets: ReadAssets) {
    this.#readAssets = readAssets;
  }

  /** The asset of each of the accounts that stand. */
  async of(accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const unread: string[] = [];
    for (const account of accounts) {
      const asset = this.#known.get(account);
      if (asset === undefined) unread.push(account);
      else found.set(account, asset);
    }
    if (unread.length === 0) return found;
    const read = await this.#read(unread);
    for (const account of unread) {
      const asset = read.get(account);
      if (asset !== undefined) found.set(account, asset);
    }
    return found;
  }

  #read(accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const batch = this.#next ?? this.#gather();
    for (const account of accounts) batch.accounts.add(account);
    return batch.assets;
  }

  #gather(): Batch {
    const {
      promise: assets,
      resolve,
      reject,
    } = Promise.withResolvers<ReadonlyMap<string, string>>();
    const batch = { accounts: new Set<string>(), assets, resolve, reject };
    this.#next = batch;
    // What is asked in the same turn goes along.
    if (!this.#isReading) setImmediate(() => void this.#readNext());
    return batch;
  }

  async #readNext(): Promise<void> {
    for (let batch = this.#next; batch !== undefined; batch = this.#next) {
      this.#next = undefined;
      this.#isReading = true;
      await this.#readBatch(batch);
      this.#isReading = false;
    }
  }

  /** Never rejects: whoever waits for the batch hears of it. */
  async #readBatch({ accounts, resolve, reject }: Batch): Promise<void> {
    try {
      const rows = await this.#readAssets([...accounts]);
      for (const { id, asset } of rows) this.#known.set(id, asset);
      resolve(new Map(rows.map(({ id, asset }) => [id, asset])));
    } catch (error) {
      reject(error);
    }
  }
}
