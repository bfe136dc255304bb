import { noteExpiry } from './housekeeping.ts';
import type { RowCache } from './row-cache.ts';
import type { WorkingLedger } from './working-ledger.ts';

/** What a block changed is what the rows are behind it. */
export function absorb(cache: RowCache, ledger: WorkingLedger): void {
  for (const [id, stored] of ledger.changed) cache.accounts.set(id, stored);
  for (const [id, stored] of ledger.opened) cache.accounts.set(id, stored);
  for (const [sku, product] of ledger.products) cache.products.set(sku, product);
  for (const record of ledger.consortium.changed) cache.crossBanks.set(record.id, record);
  for (const hold of ledger.holds.owned) cache.ownedHolds.set(hold.id, hold);
  noteExpiry(cache, ledger.holds.nextExpiry);
}
