import type { ConsentGranted } from './consortium-event.ts';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { localTransfers } from './consortium/local-transfers.ts';
import type { Ledger } from './ledger.ts';
import { needsConsent } from './share-refusal.ts';

/** Folds what became of a consent by its holder's own doing. */
export function applyConsentFact(
  ledger: Ledger,
  fact: ConsentGranted | { readonly type: 'consent.revoked'; readonly id: string },
  seq: number,
  at: number,
): void {
  const before = ledger.consent(fact.id);
  if (fact.type === 'consent.granted') {
    if (before !== undefined) throw new Error(`event ${seq} grants a consent again`);
    const { id, account, bank, amount, uses, expiresAt } = fact;
    ledger.putConsent({
      id,
      account,
      bank,
      amount,
      uses,
      spent: 0n,
      expiresAt,
      revokedAt: null,
      seq,
      at,
    });
    return;
  }
  if (before === undefined || before.revokedAt !== null) {
    throw new Error(`event ${seq} revokes a consent that doesn't stand`);
  }
  ledger.putConsent({ ...before, revokedAt: at });
}

/** Uses the consents up under which this bank's accounts are debited by another's transaction. */
export function spendConsents(ledger: Ledger, body: CrossBankTransaction, seq: number): void {
  change(ledger, body, seq, 1n);
}

/** The promise ended without effect: what it used up may be used again. */
export function giveConsentsBack(ledger: Ledger, body: CrossBankTransaction, seq: number): void {
  change(ledger, body, seq, -1n);
}

function change(ledger: Ledger, body: CrossBankTransaction, seq: number, sign: 1n | -1n): void {
  for (const transfer of localTransfers(ledger.bank, body)) {
    if (!needsConsent(ledger.bank, body, transfer)) continue;
    const { consent: id, from, amount } = transfer;
    const consent = id === null ? undefined : ledger.consent(id);
    if (consent === undefined) throw new Error(`event ${seq} debits ${from} without a consent`);
    const spent = consent.spent + sign * amount;
    if (spent < 0n || spent > consent.amount) {
      throw new Error(`event ${seq} uses a consent beyond its amount`);
    }
    ledger.putConsent({ ...consent, spent });
  }
}
