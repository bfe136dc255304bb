import { balance, credited, debited } from './account.ts';
import type { Ledger } from './ledger.ts';
import type { Transfer } from './transfer.ts';

/**
 * Posts one transfer. `pending`: so much of it had been promised on both sides, and that promise
 * ends with it. Throws where conservation (invariant I1) would break.
 */
export function post(
  ledger: Ledger,
  transfer: Transfer,
  seq: number,
  leg: number,
  transaction: string | null,
  at: number,
  pending = 0n,
): void {
  const from = ledger.account(transfer.from);
  const to = ledger.account(transfer.to);
  if (from === undefined || to === undefined) {
    throw new Error(`event ${seq} moves between unknown accounts`);
  }
  const { amount, asset } = transfer;
  if (amount <= 0n || from.id === to.id || from.asset !== asset || to.asset !== asset) {
    throw new Error(`event ${seq} would break conservation`);
  }
  const fromAfter = debited(from, amount, pending);
  const toAfter = credited(to, amount, pending);
  ledger.putAccount(fromAfter);
  ledger.putAccount(toAfter);
  ledger.addTransfer({
    id: transfer.id,
    from: transfer.from,
    to: transfer.to,
    amount,
    asset,
    metadata: transfer.metadata,
    seq,
    leg,
    transaction,
    at,
    fromBalance: balance(fromAfter),
    toBalance: balance(toAfter),
  });
}
