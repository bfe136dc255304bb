import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { localTransfers } from './consortium/local-transfers.ts';
import type { HoldLeg } from './hold.ts';
import { NO_METADATA } from './metadata.ts';
import { numberedId } from './transfer-id.ts';
import type { Transfer } from './transfer.ts';

/** What a bank promises of a cross-bank transaction, leg by leg; empty for a bank without a leg. */
export function shareLegs(bank: string, body: CrossBankTransaction): readonly HoldLeg[] {
  return localTransfers(bank, body).map(({ from, to, amount, asset }) => ({
    from,
    to,
    amount,
    asset,
    metadata: NO_METADATA,
  }));
}

/** The same as it is posted, under the ids that follow `firstId`. */
export function shareTransfers(
  bank: string,
  body: CrossBankTransaction,
  firstId: string,
): readonly Transfer[] {
  return shareLegs(bank, body).map((leg, index) => ({ id: numberedId(firstId, index), ...leg }));
}
