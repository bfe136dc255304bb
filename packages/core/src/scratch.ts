import { credited, debited, expecting, promised, type Account } from './account.ts';
import type { HoldLeg } from './hold.ts';
import type { LedgerView } from './ledger.ts';
import type { Transfer } from './transfer.ts';

/** A view in which transfers can be tried one after the other without touching the ledger. */
export interface Scratch extends LedgerView {
  /** An account that doesn't stand yet. */
  open(account: Account): void;
  post(transfer: Transfer): void;
  /** Reserves on both sides. */
  promise(leg: HoldLeg): void;
}

export function createScratch(view: LedgerView): Scratch {
  const accounts = new Map<string, Account>();
  const account = (id: string) => accounts.get(id) ?? view.account(id);
  const sidesOf = (leg: HoldLeg): readonly [Account, Account] => {
    const from = account(leg.from);
    const to = account(leg.to);
    if (from === undefined || to === undefined) throw new Error('moved between unknown accounts');
    return [from, to];
  };
  return {
    account,
    product: (sku) => view.product(sku),
    outcome: (principal, id) => view.outcome(principal, id),
    hold: (id) => view.hold(id),
    leases: (id) => view.leases(id),
    correctable: (id) => view.correctable(id),
    group: (id) => view.group(id),
    order: (id) => view.order(id),
    bank: view.bank,
    crossBank: (id) => view.crossBank(id),
    consent: (id) => view.consent(id),
    isTransferTaken: (id) => view.isTransferTaken(id),
    isTransactionTaken: (id) => view.isTransactionTaken(id),
    open: (opened) => void accounts.set(opened.id, opened),
    post(transfer) {
      const [from, to] = sidesOf(transfer);
      accounts.set(from.id, debited(from, transfer.amount));
      accounts.set(to.id, credited(to, transfer.amount));
    },
    promise(leg) {
      const [from, to] = sidesOf(leg);
      accounts.set(from.id, promised(from, leg.amount));
      accounts.set(to.id, expecting(to, leg.amount));
    },
  };
}
