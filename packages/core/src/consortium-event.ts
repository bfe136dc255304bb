import type { ConsentUses } from './consortium-command.ts';
import type { HashedBody } from './consortium/message.ts';
import type { Objection, Yes } from './consortium/vote.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import type { Transfer } from './transfer.ts';

/** What happened to this bank's share of a cross-bank transaction, and what bounds other banks. */
export type ConsortiumFact =
  | CrossBankPrepared
  | CrossBankCommitted
  | CrossBankAborted
  | CrossBankDoubted
  | { readonly type: 'crossbank.settled'; readonly id: string }
  | ConsentGranted
  | { readonly type: 'consent.revoked'; readonly id: string }
  | PeerLimited;

/** The bank promised: what `localTransfers` gives of the body is held, until the decision. */
export interface CrossBankPrepared extends HashedBody {
  readonly type: 'crossbank.prepared';
  readonly id: string;
  /** Of this bank's own yes. */
  readonly signature: string;
  readonly order: PendingOrder | null;
}

export interface CrossBankCommitted {
  readonly type: 'crossbank.committed';
  readonly id: string;
  readonly yes: readonly Yes[];
  /** Null when the promise stood; else it was forgotten, and this is what it was. */
  readonly rebuilt: HashedBody | null;
  readonly transfers: readonly Transfer[];
}

export interface CrossBankAborted {
  readonly type: 'crossbank.aborted';
  readonly id: string;
  readonly because: readonly Objection[];
}

export interface CrossBankDoubted extends HashedBody {
  readonly type: 'crossbank.doubted';
  readonly id: string;
}

export interface ConsentGranted {
  readonly type: 'consent.granted';
  readonly id: string;
  readonly account: string;
  readonly bank: string;
  readonly amount: bigint;
  readonly uses: ConsentUses;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface PeerLimited {
  readonly type: 'peer.limited';
  readonly bank: string;
  readonly asset: string;
  readonly limit: bigint | null;
}
