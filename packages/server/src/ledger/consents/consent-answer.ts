import type { ConsentAnswer } from '@lastro/contract';
import { consentLeft, type Consent, type ConsentGranted } from '@lastro/core';
import type { Accepted } from '../../http/run-command.ts';
import { toJsonInteger, toTimestamp } from '../../http/wire.ts';

/** A consent as it stands at `now`, in milliseconds since 1970. */
export function presentConsent(consent: Consent, now: number): ConsentAnswer {
  return {
    id: consent.id,
    account: consent.account,
    bank: consent.bank,
    amount: toJsonInteger(consent.amount),
    uses: consent.uses,
    remaining: toJsonInteger(consentLeft(consent)),
    state: stateOf(consent, now),
    expiresAt: toTimestamp(consent.expiresAt),
    seq: consent.seq,
    at: toTimestamp(consent.at),
  };
}

function stateOf(consent: Consent, now: number): ConsentAnswer['state'] {
  if (consent.revokedAt !== null) return 'revoked';
  if (consent.expiresAt <= now) return 'expired';
  return consentLeft(consent) === 0n ? 'used' : 'standing';
}

/** A consent as its grant left it, which is also the answer of a repeated command. */
export function presentGranted(fact: ConsentGranted, { seq, at }: Accepted): ConsentAnswer {
  const { id, account, bank, uses } = fact;
  const amount = toJsonInteger(fact.amount);
  const expiresAt = toTimestamp(fact.expiresAt);
  return {
    id,
    account,
    bank,
    amount,
    uses,
    remaining: amount,
    state: 'standing',
    expiresAt,
    seq,
    at,
  };
}
