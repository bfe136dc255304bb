import type { TransactionAnswer } from '@lastro/contract';
import { postedTransfers, type Fact } from '@lastro/core';
import { presentReversal, presentTransfer } from './present.ts';

/** The transaction that an event posted; throws where it posted none. */
export function presentTransaction(
  id: string,
  fact: Fact,
  seq: number,
  at: string,
): TransactionAnswer {
  const transfers =
    fact.type === 'transaction.reversed'
      ? fact.legs.map((leg) => presentReversal(leg, seq, at))
      : postedTransfers(fact).map((transfer) => presentTransfer(transfer, seq, at));
  if (transfers.length === 0) throw new Error(`${fact.type} posted no transaction`);
  return { id, status: 'posted', seq, at, ...whatItTakesBack(fact), transfers };
}

function whatItTakesBack(fact: Fact): Pick<TransactionAnswer, 'reverses'> {
  if (fact.type === 'transaction.reversed') return { reverses: fact.reverses };
  return fact.type === 'order.cancelled' ? { reverses: fact.order } : {};
}
