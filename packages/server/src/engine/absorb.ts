import { noteExpiry } from './housekeeping.ts';
import type { RowCache } from './row-cache.ts';
import type { WorkingLedger } from './working-ledger.ts';

/** What a committed block changed is what the rows are now. */
export function absorb(cache: RowCache, ledger: WorkingLedger): void {
  for (const [id, stored] of ledger.changed) cache.accounts.set(id, stored);
  for (const [id, stored] of ledger.opened) cache.accounts.set(id, stored);
  for (const [sku, product] of ledger.products) cache.products.set(sku, product);
  noteExpiry(cache, ledger.holds.nextExpiry);
}
