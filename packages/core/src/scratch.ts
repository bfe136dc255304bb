import { credited, debited, type Account } from './account.ts';
import type { LedgerView } from './ledger.ts';
import type { Transfer } from './transfer.ts';

/** A view in which transfers can be tried one after the other without touching the ledger. */
export interface Scratch extends LedgerView {
  post(transfer: Transfer): void;
}

export function createScratch(view: LedgerView): Scratch {
  const accounts = new Map<string, Account>();
  const account = (id: string) => accounts.get(id) ?? view.account(id);
  return {
    account,
    product: (sku) => view.product(sku),
    outcome: (principal, id) => view.outcome(principal, id),
    isTransferTaken: (id) => view.isTransferTaken(id),
    isTransactionTaken: (id) => view.isTransactionTaken(id),
    post(transfer) {
      const from = account(transfer.from);
      const to = account(transfer.to);
      if (from === undefined || to === undefined)
        throw new Error('posted between unknown accounts');
      accounts.set(from.id, debited(from, transfer.amount));
      accounts.set(to.id, credited(to, transfer.amount));
    },
  };
}
