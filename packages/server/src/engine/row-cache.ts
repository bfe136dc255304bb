import type { CrossBankRecord, Hold, Product } from '@lastro/core';
import type { Head, StoredAccount } from '../store/row-types.ts';
import { createAccountCache } from './account-cache.ts';
import { createGenerationalCache, type GenerationalCache } from './generational-cache.ts';

/** `absent`: known not to stand, which is as good a fact as a row. */
export type Known<Row> = Row | 'absent';

/**
 * Rows as of `head`. They may be used exactly as long as head is what this process itself last
 * wrote or locked; the head comparison in every block's transaction proves it. Behind a block that is
 * still on its way they may be looked at, but nothing that was decided on them is sent before it stands.
 */
export interface RowCache {
  head: Head | undefined;
  /**
   * No pending hold expires before it, milliseconds since 1970; null: none is pending, undefined:
   * nobody looked.
   */
  nextExpiry: number | null | undefined;
  readonly accounts: GenerationalCache<Known<StoredAccount>>;
  readonly products: GenerationalCache<Known<Product>>;
  /** Cross-bank transactions that this process recorded, most of which it decides soon after. */
  readonly crossBanks: GenerationalCache<CrossBankRecord>;
  /** Their holds. */
  readonly ownedHolds: GenerationalCache<Hold>;
  clear(): void;
}

/** A transaction lives for milliseconds, or until a bank comes back: then it is loaded again. */
const CROSS_BANKS_KEPT = 4_000;

export function createRowCache(generationSize: number): RowCache {
  const accounts = createAccountCache(generationSize);
  const products = createGenerationalCache<Known<Product>>(generationSize);
  const crossBanks = createGenerationalCache<CrossBankRecord>(CROSS_BANKS_KEPT);
  const ownedHolds = createGenerationalCache<Hold>(CROSS_BANKS_KEPT);
  const cache: RowCache = {
    head: undefined,
    nextExpiry: undefined,
    accounts,
    products,
    crossBanks,
    ownedHolds,
    clear() {
      cache.head = undefined;
      cache.nextExpiry = undefined;
      accounts.clear();
      products.clear();
      crossBanks.clear();
      ownedHolds.clear();
    },
  };
  return cache;
}
