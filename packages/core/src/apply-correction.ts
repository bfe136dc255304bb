import type { OrderCancelled, TransactionReversed, TransferReversed } from './event.ts';
import type { Ledger } from './ledger.ts';
import { post } from './post.ts';
import type { Transfer } from './transfer.ts';

/** Folds what moved something back that was posted before. */
export function applyCorrection(
  ledger: Ledger,
  fact: TransferReversed | TransactionReversed | OrderCancelled,
  seq: number,
  at: number,
): void {
  switch (fact.type) {
    case 'transfer.reversed':
      reverse(ledger, fact.reverses, fact.transfer, { seq, leg: 0, transaction: null, at });
      return;
    case 'transaction.reversed':
      ledger.addTransaction(fact.id, seq, null);
      fact.legs.forEach(({ reverses, transfer }, leg) =>
        reverse(ledger, reverses, transfer, { seq, leg, transaction: fact.id, at }),
      );
      return;
    case 'order.cancelled': {
      const { order, id, transfers } = fact;
      ledger.addTransaction(id, seq, null);
      ledger.addCancellation({ order, id, seq, at });
      transfers.forEach((transfer, leg) => post(ledger, transfer, seq, leg, id, at));
      return;
    }
  }
}

function reverse(
  ledger: Ledger,
  reverses: string,
  transfer: Transfer,
  place: { seq: number; leg: number; transaction: string | null; at: number },
): void {
  const { seq, leg, transaction, at } = place;
  post(ledger, transfer, seq, leg, transaction, at);
  ledger.addReversal({ seq, leg, reverses, transfer: transfer.id, amount: transfer.amount });
}
