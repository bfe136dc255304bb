import type { Account, Order, PostedTransfer, Product } from '@lastro/core';

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
  readonly changedAccounts: readonly StoredAccount[];
  readonly products: readonly Product[];
  readonly transfers: readonly StoredTransfer[];
  readonly transactions: readonly { readonly id: string; readonly seq: number }[];
  readonly orders: readonly Order[];
  readonly outcomes: readonly StoredOutcome[];
}
