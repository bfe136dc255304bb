import { CONSENT_TTL_MAX_SECONDS } from './bounds.ts';
import type { GrantConsent, RevokeConsent } from './consortium-command.ts';
import { clientAccount, isAccount } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import type { Terms } from './terms.ts';

/** Lets another bank debit an account, which must stand and not be closed. */
export function decideGrantConsent(view: LedgerView, command: GrantConsent, terms: Terms): Ruling {
  const { id, bank, amount, uses, expiresAt } = command;
  const account = clientAccount(view, command.account);
  if (!isAccount(account)) return account;
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };
  if (amount <= 0n || amount > terms.rules.amountMax) return { code: 'amount_out_of_range' };
  const isAhead = expiresAt > terms.at && expiresAt <= terms.at + CONSENT_TTL_MAX_SECONDS * 1_000;
  if (!isAhead) return { code: 'expiry_out_of_range' };
  if (view.consent(id) !== undefined) return { code: 'id_taken' };
  return { type: 'consent.granted', id, account: account.id, bank, amount, uses, expiresAt };
}

export function decideRevokeConsent(view: LedgerView, command: RevokeConsent): Ruling {
  const consent = view.consent(command.consent);
  if (consent === undefined) return { code: 'consent_not_found' };
  if (consent.revokedAt !== null) return { code: 'consent_revoked' };
  return { type: 'consent.revoked', id: consent.id };
}
