import type { ConsentUses } from './consortium-command.ts';

/** The right of another bank to debit an account of this one, up to an amount and a moment. */
export interface Consent {
  readonly id: string;
  readonly account: string;
  /** Which coordinates the transactions that may use it. */
  readonly bank: string;
  readonly amount: bigint;
  readonly uses: ConsentUses;
  /** Used by what is promised or posted under it. */
  readonly spent: bigint;
  /** Milliseconds since 1970, block time. */
  readonly expiresAt: number;
  /** Milliseconds since 1970, block time; null: it was not. */
  readonly revokedAt: number | null;
  readonly seq: number;
  readonly at: number;
}

/** What may still be debited under it, in one transaction. */
export function consentLeft({ amount, uses, spent }: Consent): bigint {
  if (uses === 'total') return amount - spent;
  return spent === 0n ? amount : 0n;
}
