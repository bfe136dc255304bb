import { ORDER_LINES_MAX } from './bounds.ts';
import type { CrossBankOrder } from './consortium-command.ts';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import { goodsRefusal, mergeLines, priceLines } from './decide-order.ts';
import { clientAccount } from './decide-transfer.ts';
import type { LedgerView } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import type { Terms } from './terms.ts';

/**
 * The seller's side of a purchase across banks: prices of the moment, and whether the goods are
 * there. Its money is the transaction's, leg by leg from the customer to the merchant, so it is what
 * the banks agree on; another price than theirs refuses.
 */
export function decidePendingOrder(
  view: LedgerView,
  order: CrossBankOrder,
  body: CrossBankTransaction,
  terms: Terms,
): PendingOrder | Refusal {
  const { id, customer, merchant } = order;
  assertPaidWhole(view.bank, order, body);
  // Before anything else, for a refused order takes its id, too.
  if (view.isTransactionTaken(id)) return { code: 'id_taken' };
  const payee = clientAccount(view, merchant);
  if ('code' in payee) return payee;
  const priced = priceLines(view, mergeLines(order.lines), payee, terms.rules);
  if ('code' in priced) return priced;
  const { lines, total } = priced;
  if (total !== order.total) return { code: 'price_changed' };
  const refusal = goodsRefusal(view, lines, terms);
  return refusal ?? { id, customer, merchant, asset: payee.asset, lines, total };
}

/** Every leg pays the merchant, all of them together the total; there is at least one line. */
function assertPaidWhole(
  bank: string,
  { id, customer, merchant, lines, total }: CrossBankOrder,
  { legs }: CrossBankTransaction,
): void {
  if (lines.length < 1 || lines.length > ORDER_LINES_MAX) {
    throw new Error(`the order ${id} of ${lines.length} lines passed the contract`);
  }
  const isPayment = legs.every(
    ({ from, to }) =>
      `${from.bank}/${from.account}` === customer && to.bank === bank && to.account === merchant,
  );
  const paid = legs.reduce((sum, { amount }) => sum + amount, 0n);
  if (!isPayment || paid !== total || customer.startsWith(`${bank}/`)) {
    throw new Error(`the legs of the order ${id} are not its payment`);
  }
}
