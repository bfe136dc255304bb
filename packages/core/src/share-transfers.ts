import { soldAccount, stockAccount } from './account-id.ts';
import { goodsAsset } from './asset.ts';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { localTransfers } from './consortium/local-transfers.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import type { HoldLeg } from './hold.ts';
import { NO_METADATA } from './metadata.ts';
import { numberedId } from './transfer-id.ts';
import type { Transfer } from './transfer.ts';

/**
 * What a bank promises of a cross-bank transaction: leg by leg, then the goods of the order that it
 * pays for. Empty for a bank without a leg.
 */
export function shareLegs(
  bank: string,
  body: CrossBankTransaction,
  order: PendingOrder | null,
): readonly HoldLeg[] {
  const money = localTransfers(bank, body).map(({ from, to, amount, asset }) => ({
    from,
    to,
    amount,
    asset,
    metadata: NO_METADATA,
  }));
  if (order === null) return money;
  const goods = order.lines.map(({ sku, quantity }) => ({
    from: stockAccount(sku),
    to: soldAccount(sku),
    amount: quantity,
    asset: goodsAsset(sku),
    metadata: NO_METADATA,
  }));
  return [...money, ...goods];
}

/** The same as it is posted, under the ids that follow `firstId`. */
export function shareTransfers(
  bank: string,
  body: CrossBankTransaction,
  order: PendingOrder | null,
  firstId: string,
): readonly Transfer[] {
  return shareLegs(bank, body, order).map((leg, index) => ({
    id: numberedId(firstId, index),
    ...leg,
  }));
}
