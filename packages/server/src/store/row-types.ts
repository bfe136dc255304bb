import type {
  Account,
  Consent,
  CrossBankRecord,
  Hold,
  HoldEnd,
  HoldLeg,
  Lease,
  Order,
  OrderCancellation,
  PostedTransfer,
  Product,
  Reversal,
} from '@lastro/core';

/** The one row that gives the bank its one order. */
export interface Head {
  readonly block: number;
  readonly seq: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How many accounts were ever opened: the highest internal number. */
  readonly accounts: number;
  readonly bank: string;
}

/** An account with its internal number. */
export interface StoredAccount {
  readonly number: number;
  readonly account: Account;
}

export interface StoredOutcome {
  readonly principal: string;
  readonly id: string;
  readonly hash: string;
  readonly seq: number;
  readonly code: string | null;
}

/** A posted transfer with the internal numbers of its accounts. */
export interface StoredTransfer {
  readonly transfer: PostedTransfer;
  readonly fromNumber: number;
  readonly toNumber: number;
}

/** A promised transfer of a hold that a block places, with the internal numbers of its accounts. */
export interface StoredHoldLeg {
  readonly holdSeq: number;
  readonly index: number;
  readonly leg: HoldLeg;
  readonly fromNumber: number;
  readonly toNumber: number;
}

/** What a block does to holds. One that a cross-bank transaction owns has its legs alone here. */
export interface HoldRows {
  readonly placed: readonly Hold[];
  /** Of every hold that is new. */
  readonly legs: readonly StoredHoldLeg[];
  readonly ended: readonly (Hold & { readonly end: HoldEnd })[];
  /** Pending when the block ends, and placed or extended by it. */
  readonly open: readonly Hold[];
  /** Ended, and pending before the block. */
  readonly closed: readonly Hold[];
}

/** What a block does to leases. */
export interface LeaseRows {
  readonly open: readonly { readonly lease: Lease; readonly accountNumber: number }[];
  /** Tickets of leases that are over. */
  readonly gone: readonly number[];
}

/** The id of a transaction, order or hold that a block takes. */
export interface StoredTransaction {
  readonly id: string;
  readonly seq: number;
  /** The cross-bank transaction that it is this bank's share of; null: none. */
  readonly owner: string | null;
}

/** A nonce of a peer's message that rides in a block. */
export interface StoredNonce {
  readonly keyId: string;
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly keepUntil: number;
}

/** What a block does to cross-bank transactions and to what bounds other banks. */
export interface ConsortiumRows {
  /** Recorded for the first time. */
  readonly begun: readonly CrossBankRecord[];
  /** Recorded before the block, and moved on by it. */
  readonly moved: readonly CrossBankRecord[];
  /** Decided before the block, and settled by it: nothing else of these changes. */
  readonly settled: readonly CrossBankRecord[];
  readonly consents: readonly Consent[];
  readonly nonces: readonly StoredNonce[];
}

/** Everything that one block changes, ready to be written. */
export interface BlockRows {
  readonly block: number;
  /** Random: tells this attempt from any other at the same block. */
  readonly id: string;
  readonly previous: string;
  readonly hash: string;
  readonly at: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly body: Buffer;
  /** Internal numbers given out, those of this block included. */
  readonly accounts: number;
  readonly openedAccounts: readonly StoredAccount[];
  /** Accounts of which only sums and version changed. */
  readonly changedAccounts: readonly StoredAccount[];
  /** Accounts of which limits, status or lease changed, too. */
  readonly reformedAccounts: readonly StoredAccount[];
  readonly products: readonly Product[];
  readonly transfers: readonly StoredTransfer[];
  readonly transactions: readonly StoredTransaction[];
  readonly orders: readonly Order[];
  readonly outcomes: readonly StoredOutcome[];
  readonly holds: HoldRows;
  readonly leases: LeaseRows;
  readonly reversals: readonly Reversal[];
  readonly cancellations: readonly OrderCancellation[];
  readonly consortium: ConsortiumRows;
}
