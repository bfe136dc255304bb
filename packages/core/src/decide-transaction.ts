import { TRANSACTION_TRANSFERS_MAX } from './bounds.ts';
import type { PostTransaction } from './command.ts';
import { identified, isLeg, requestedTransfer } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import { createScratch } from './scratch.ts';
import type { Terms } from './terms.ts';
import type { Transfer } from './transfer.ts';

/**
 * All transfers or none; each is judged after those before it, and the first refusal is the answer.
 * Ids are judged last, as everywhere.
 */
export function decideTransaction(
  view: LedgerView,
  command: PostTransaction,
  terms: Terms,
): Ruling {
  const count = command.transfers.length;
  if (count < 1 || count > TRANSACTION_TRANSFERS_MAX) {
    throw new Error(`a transaction of ${count} transfers passed the contract`);
  }
  const scratch = createScratch(view);
  const transfers: Transfer[] = [];
  for (const request of command.transfers) {
    const leg = requestedTransfer(scratch, request, terms);
    if (!isLeg(leg)) return leg;
    const transfer = identified(leg, request.id);
    scratch.post(transfer);
    transfers.push(transfer);
  }
  const ids = new Set(transfers.map(({ id }) => id));
  const isTaken =
    ids.size < count ||
    view.isTransactionTaken(command.id) ||
    transfers.some(({ id }) => view.isTransferTaken(id));
  return isTaken ? { code: 'id_taken' } : { type: 'transaction.posted', id: command.id, transfers };
}
