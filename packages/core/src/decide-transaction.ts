import { TRANSACTION_TRANSFERS_MAX } from './bounds.ts';
import type { PostTransaction } from './command.ts';
import { isTransfer, requestedTransfer } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import type { Rules } from './rules.ts';
import { createScratch } from './scratch.ts';
import type { Transfer } from './transfer.ts';

/**
 * All transfers or none; each is judged after those before it, and the first refusal is the answer.
 * Ids are judged last, as everywhere.
 */
export function decideTransaction(
  view: LedgerView,
  command: PostTransaction,
  rules: Rules,
): Ruling {
  const count = command.transfers.length;
  if (count < 1 || count > TRANSACTION_TRANSFERS_MAX) {
    throw new Error(`a transaction of ${count} transfers passed the contract`);
  }
  const scratch = createScratch(view);
  const transfers: Transfer[] = [];
  for (const request of command.transfers) {
    const transfer = requestedTransfer(scratch, request, rules);
    if (!isTransfer(transfer)) return transfer;
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
