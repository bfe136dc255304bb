import type { BeginCrossBank } from './consortium-command.ts';
import { coordinatorOf, transactionFault } from './consortium/cross-bank-transaction.ts';
import { decidePendingOrder } from './decide-pending-order.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import { shareRefusal } from './share-refusal.ts';
import type { Terms } from './terms.ts';

/** Begins a transaction that this bank coordinates, by promising its own share of it, goods and all. */
export function decideBeginCrossBank(
  view: LedgerView,
  command: BeginCrossBank,
  terms: Terms,
): Ruling {
  const { body, hash, signature } = command;
  const { id } = body;
  const fault = coordinatorOf(id) === view.bank ? transactionFault(body) : 'malformed_id';
  if (fault !== undefined) throw new Error(`${id} passed the contract: ${fault}`);
  if (view.crossBank(id) !== undefined) return { code: 'id_taken' };
  const order =
    command.order === null ? null : decidePendingOrder(view, command.order, body, terms);
  if (order !== null && 'code' in order) return order;
  const refusal = shareRefusal(view, body, order, terms);
  if (refusal !== undefined) return refusal;
  return { type: 'crossbank.prepared', id, hash, signature, body, order };
}
