import type { Product } from '@lastro/core';
import type { Head, StoredAccount } from '../store/row-types.ts';
import { createGenerationalCache, type GenerationalCache } from './generational-cache.ts';

/** `absent`: known not to stand, which is as good a fact as a row. */
export type Known<Row> = Row | 'absent';

/**
 * Rows as of `head`. They may be used exactly as long as head is what this process itself last
 * wrote or locked; the head comparison in every block's transaction proves it.
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
  clear(): void;
}

export function createRowCache(generationSize: number): RowCache {
  const accounts = createGenerationalCache<Known<StoredAccount>>(generationSize);
  const products = createGenerationalCache<Known<Product>>(generationSize);
  const cache: RowCache = {
    head: undefined,
    nextExpiry: undefined,
    accounts,
    products,
    clear() {
      cache.head = undefined;
      cache.nextExpiry = undefined;
      accounts.clear();
      products.clear();
    },
  };
  return cache;
}
