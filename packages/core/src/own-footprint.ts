import { ACCOUNT_ID, cashAccount, soldAccount, stockAccount } from './account-id.ts';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { localTransfers } from './consortium/local-transfers.ts';
import { localTransactionId, type PendingOrder } from './cross-bank-record.ts';
import type { Footprint } from './footprint.ts';
import type { LedgerView } from './ledger.ts';
import { transactionOf, type OwnCommand } from './own-command.ts';
import { isConsentId, needsConsent } from './share-refusal.ts';
import { shareLegs } from './share-transfers.ts';
import { numberedId } from './transfer-id.ts';

/** As `footprint`, of an own command. */
export function ownFootprint(own: OwnCommand, view: LedgerView, into: Footprint): void {
  const id = transactionOf(own);
  if (own.type === 'PrepareShare' || own.type === 'DoubtShare') into.newCrossBank(id);
  else into.crossBank(id);
  switch (own.type) {
    case 'PrepareShare':
      shareFootprint(own.body, null, view.bank, into);
      return;
    case 'CommitShare': {
      const order = view.crossBank(id)?.order ?? null;
      promiseFootprint(own.body, order, view.bank, into);
      shareLegs(view.bank, own.body, order).forEach((_, index) => {
        into.transfer(numberedId(own.transferId, index));
      });
      return;
    }
    case 'AbortShare': {
      const record = view.crossBank(id);
      if (record?.durable.is !== 'prepared') return;
      promiseFootprint(record.durable.body, record.order, view.bank, into);
      return;
    }
    case 'DoubtShare':
    case 'SettleShare':
      return;
  }
}

/** What a new promise touches: both sides of every leg, consents, and the id of the hold. */
export function shareFootprint(
  body: CrossBankTransaction,
  order: Pick<PendingOrder, 'id'> | null,
  bank: string,
  into: Footprint,
): void {
  const transfers = localTransfers(bank, body);
  // A bank without a leg promises nothing that is kept under an id.
  if (transfers.length > 0) into.transaction(localTransactionId(body.id, order));
  for (const transfer of transfers) {
    const { from, to, asset, consent } = transfer;
    for (const account of [from, to]) if (ACCOUNT_ID.test(account)) into.account(account);
    if (needsConsent(bank, body, transfer) && consent !== null && isConsentId(consent)) {
      into.consent(consent);
    }
    // A rebuilt share opens what is missing; of an asset that none of ours counts nothing is.
    const cash = cashAccount(asset);
    if (ACCOUNT_ID.test(cash)) into.account(cash);
  }
}

/** The same once it stands, with its hold. */
function promiseFootprint(
  body: CrossBankTransaction,
  order: PendingOrder | null,
  bank: string,
  into: Footprint,
): void {
  shareFootprint(body, order, bank, into);
  if (localTransfers(bank, body).length > 0) into.hold(localTransactionId(body.id, order));
  for (const { sku } of order?.lines ?? []) {
    into.account(stockAccount(sku));
    into.account(soldAccount(sku));
  }
}

/** What an order that waits for the decision has is known only once that is loaded: the usual few. */
const ORDER_ROWS = 16;

/** How many rows an own command may write: what a block is bounded by. */
export function ownRowsOf(own: OwnCommand, nonces: number): number {
  switch (own.type) {
    case 'PrepareShare':
      return 6 + nonces + 4 * own.body.legs.length;
    case 'CommitShare':
      return ORDER_ROWS + nonces + 4 * own.body.legs.length;
    case 'AbortShare':
      return ORDER_ROWS + nonces;
    case 'DoubtShare':
    case 'SettleShare':
      return 2 + nonces;
  }
}
