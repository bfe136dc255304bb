import { ACCOUNT_ID } from './account-id.ts';
import { balance, openAccount, type Account } from './account.ts';
import { consentLeft } from './consent.ts';
import { coordinatorOf, type CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { localTransfers, type LocalTransfer } from './consortium/local-transfers.ts';
import { localTransactionId, type PendingOrder } from './cross-bank-record.ts';
import { clientAccount, isAccount } from './decide-transfer.ts';
import type { LedgerView } from './ledger.ts';
import { NO_METADATA } from './metadata.ts';
import { movementRefusal } from './movement.ts';
import type { Refusal } from './refusal.ts';
import { createScratch, type Scratch } from './scratch.ts';
import type { Terms } from './terms.ts';

/**
 * Why this bank can't promise its share of a cross-bank transaction; undefined when it can. Each of
 * its legs is judged after those before it, as if they were promised. That promises of others stand
 * in the way (`funds_held`) is told only when nothing else does: for that passes by itself.
 */
export function shareRefusal(
  view: LedgerView,
  body: CrossBankTransaction,
  order: Pick<PendingOrder, 'id'> | null,
  terms: Terms,
): Refusal | undefined {
  const scratch = createScratch(view);
  const used = new Map<string, bigint>();
  const transfers = localTransfers(view.bank, body);
  let held: Refusal | undefined;
  for (const transfer of transfers) {
    // Before anything about the account: without consent nothing is told of it, not even that it is.
    const refusal =
      consentRefusal(view, body, transfer, used, terms) ??
      legRefusal(view, scratch, body, transfer, terms);
    if (refusal?.code === 'funds_held') held ??= refusal;
    else if (refusal !== undefined) return refusal;
    scratch.promise({ ...transfer, metadata: NO_METADATA });
  }
  if (held !== undefined) return held;
  const isTaken =
    transfers.length > 0 && view.isTransactionTaken(localTransactionId(body.id, order));
  return isTaken ? { code: 'id_taken' } : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether it can be the id of a consent at all: peers name them. */
export function isConsentId(text: string): boolean {
  return UUID.test(text);
}

/** Whether another bank needs the consent of a debited account's holder for this movement. */
export function needsConsent(
  bank: string,
  body: CrossBankTransaction,
  { leg }: LocalTransfer,
): boolean {
  return body.legs[leg]?.from.bank === bank && coordinatorOf(body.id) !== bank;
}

function consentRefusal(
  view: LedgerView,
  body: CrossBankTransaction,
  transfer: LocalTransfer,
  used: Map<string, bigint>,
  { at }: Terms,
): Refusal | undefined {
  if (!needsConsent(view.bank, body, transfer)) return undefined;
  const { consent: id, from, amount } = transfer;
  if (id === null) return { code: 'consent_required', account: from };
  const consent = isConsentId(id) ? view.consent(id) : undefined;
  if (consent?.account !== from || consent.bank !== coordinatorOf(body.id)) {
    return { code: 'consent_not_found' };
  }
  if (consent.revokedAt !== null) return { code: 'consent_revoked' };
  if (consent.expiresAt <= at) return { code: 'consent_expired' };
  const usedHere = used.get(id) ?? 0n;
  used.set(id, usedHere + amount);
  const left = consentLeft({ ...consent, spent: consent.spent + usedHere });
  return amount > left ? { code: 'consent_exceeded' } : undefined;
}

function legRefusal(
  view: LedgerView,
  scratch: Scratch,
  body: CrossBankTransaction,
  transfer: LocalTransfer,
  terms: Terms,
): Refusal | undefined {
  const leg = body.legs[transfer.leg];
  if (leg === undefined) throw new Error(`${body.id} has no leg ${transfer.leg}`);
  const { amount, asset } = transfer;
  if (amount <= 0n || amount > terms.rules.amountMax) return { code: 'amount_out_of_range' };
  const sideOf = (id: string, bank: string): Account | Refusal => {
    if (bank !== view.bank) return peerOf(scratch, id, asset, terms.at);
    // An id that no account can have isn't even looked up.
    return ACCOUNT_ID.test(id)
      ? clientAccount(scratch, id)
      : { code: 'account_not_found', account: id };
  };
  const from = sideOf(transfer.from, leg.from.bank);
  if (!isAccount(from)) return from;
  const to = sideOf(transfer.to, leg.to.bank);
  if (!isAccount(to)) return to;
  if (from.asset !== asset || to.asset !== asset) return { code: 'asset_mismatch' };
  const refusal = movementRefusal(from, to, amount, terms);
  return refusal?.code === 'insufficient_funds'
    ? shortageOf(from, view.account(from.id), amount, leg.from.bank !== view.bank)
    : refusal;
}

/** The account of a peer as it stands, or as it will be opened: the peer may owe nothing yet. */
function peerOf(scratch: Scratch, id: string, asset: string, at: number): Account {
  const standing = scratch.account(id);
  if (standing !== undefined) return standing;
  const opened = openAccount(id, asset, 0n, at, NO_METADATA);
  scratch.open(opened);
  return opened;
}

/** Why too little is free: promises that may yet end, or what is posted. */
function shortageOf(
  account: Account,
  before: Account | undefined,
  amount: bigint,
  isPeer: boolean,
): Refusal {
  const { id, creditLimit, debitsPending } = account;
  const promisedHere = debitsPending - (before?.debitsPending ?? 0n);
  const posted = balance(account) + (creditLimit ?? 0n) - promisedHere;
  if (posted >= amount) return { code: 'funds_held', account: id };
  return { code: isPeer ? 'exposure_exceeded' : 'insufficient_funds', account: id };
}
