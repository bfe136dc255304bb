import { soldAccount, stockAccount } from './account-id.ts';
import { goodsAsset } from './asset.ts';
import type { OrderCompleted } from './event.ts';
import { NO_METADATA } from './metadata.ts';
import type { Transfer } from './transfer.ts';

/** The transfers of an order: the money, when it costs anything, then the goods of each line. */
export function orderTransfers(fact: OrderCompleted): readonly Transfer[] {
  const { customer, merchant, asset, lines, total, transferIds } = fact;
  const transfers: Transfer[] = [];
  const idAt = (index: number): string => {
    const id = transferIds[index];
    if (id === undefined) throw new Error(`order ${fact.id} has too few transfer ids`);
    return id;
  };
  if (total > 0n) {
    const metadata = NO_METADATA;
    transfers.push({ id: idAt(0), from: customer, to: merchant, amount: total, asset, metadata });
  }
  lines.forEach(({ sku, quantity }, index) => {
    transfers.push({
      id: idAt(index + 1),
      from: stockAccount(sku),
      to: soldAccount(sku),
      amount: quantity,
      asset: goodsAsset(sku),
      metadata: NO_METADATA,
    });
  });
  return transfers;
}
