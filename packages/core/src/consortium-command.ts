import type { HashedBody } from './consortium/message.ts';
import type { OrderRequestLine } from './order.ts';

// What clients ask for that concerns other banks. What a bank does by itself about its share of a
// transaction is in `own-command.ts`.

/** A purchase whose customer has the money at another bank, decided with the transaction that pays. */
export interface CrossBankOrder {
  readonly id: string;
  /** `<bank>/<account>`. */
  readonly customer: string;
  /** An account of the coordinating bank, which also has the goods. */
  readonly merchant: string;
  readonly lines: readonly OrderRequestLine[];
  /** What the legs of money add up to; another price in the block refuses. */
  readonly total: bigint;
}

/**
 * Begins a transaction that this bank coordinates: its own holds and its promise, in one event. The
 * id of the body names this bank and was minted for it; its hash is made over every field.
 */
export interface BeginCrossBank extends HashedBody {
  readonly type: 'BeginCrossBank';
  /** Of this bank's own yes. */
  readonly signature: string;
  /** Whether it is refused for good when holds stand in the way of its funds; else it is postponed. */
  readonly isLast: boolean;
  /** null: it pays for nothing. */
  readonly order: CrossBankOrder | null;
}

/** How much a peer may owe this bank in one asset, promises counted (invariant I2). */
export interface SetExposureLimit {
  readonly type: 'SetExposureLimit';
  readonly bank: string;
  readonly asset: string;
  /** Minor units; null: without limit. */
  readonly limit: bigint | null;
}

/** `once`: one debit of at most the amount. `total`: debits until the amount is used up. */
export type ConsentUses = 'once' | 'total';

/** Lets another bank debit an account of this one by the transactions that it coordinates. */
export interface GrantConsent {
  readonly type: 'GrantConsent';
  readonly id: string;
  readonly account: string;
  readonly bank: string;
  readonly amount: bigint;
  readonly uses: ConsentUses;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Ends a consent. What was promised under it stays promised. */
export interface RevokeConsent {
  readonly type: 'RevokeConsent';
  readonly consent: string;
}
