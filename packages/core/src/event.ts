import type { AccountStatus } from './account.ts';
import type { ConsortiumFact } from './consortium-event.ts';
import type { HoldLeg } from './hold.ts';
import type { Metadata } from './metadata.ts';
import type { OrderLine, OrderRequestLine } from './order.ts';
import type { Refusal } from './refusal.ts';
import type { Transfer } from './transfer.ts';

/** What happened: the whole effect of one command, so that the fold needs nothing else. */
export type Fact =
  | { readonly type: 'bank.opened'; readonly bank: string; readonly version: number }
  | AccountOpened
  | { readonly type: 'transfer.posted'; readonly transfer: Transfer }
  | TransactionPosted
  | ProductCreated
  | ProductChanged
  | GoodsMoved
  | OrderCompleted
  | OrderRefused
  | HoldPlaced
  | {
      readonly type: 'hold.captured';
      readonly hold: string;
      readonly transfers: readonly Transfer[];
    }
  | { readonly type: 'hold.released' | 'hold.expired'; readonly hold: string }
  | { readonly type: 'hold.extended'; readonly hold: string; readonly expiresAt: number }
  | TransferReversed
  | TransactionReversed
  | OrderCancelled
  | AccountChanged
  | AccountStatusChanged
  | LeaseRequested
  | LeaseRenewed
  | LeaseReleased
  | { readonly type: 'lease.passed'; readonly account: string; readonly granted: string }
  | ConsortiumFact
  | { readonly type: 'command.refused'; readonly refusal: Refusal }
  | { readonly type: 'command.failed' };

export type FactType = Fact['type'];

export interface AccountOpened {
  readonly type: 'account.opened';
  readonly account: string;
  readonly asset: string;
  readonly creditLimit: bigint | null;
  readonly maximumBalance: bigint | null;
  readonly metadata: Metadata;
}

export interface TransactionPosted {
  readonly type: 'transaction.posted';
  readonly id: string;
  readonly transfers: readonly Transfer[];
}

export interface ProductCreated {
  readonly type: 'product.created';
  readonly sku: string;
  readonly name: string;
  readonly price: bigint;
  readonly asset: string;
  readonly merchant: string | null;
  readonly stock: bigint;
  readonly transferId: string;
}

/** Name and price as they are from now on. */
export interface ProductChanged {
  readonly type: 'product.changed';
  readonly sku: string;
  readonly name: string;
  readonly price: bigint;
}

/** Stock that arrived, or was corrected by a signed quantity for a reason. */
export interface GoodsMoved {
  readonly type: 'goods.received' | 'goods.adjusted';
  readonly sku: string;
  readonly quantity: bigint;
  readonly reason: string | null;
  readonly transferId: string;
}

export interface OrderCompleted {
  readonly type: 'order.completed';
  readonly id: string;
  readonly customer: string;
  readonly merchant: string;
  readonly asset: string;
  readonly lines: readonly OrderLine[];
  readonly total: bigint;
  /** Of the money first (also when the total is zero and no money moves), then one for each line. */
  readonly transferIds: readonly string[];
}

export interface OrderRefused {
  readonly type: 'order.refused';
  readonly id: string;
  readonly customer: string;
  readonly merchant: string;
  readonly lines: readonly OrderRequestLine[];
  readonly refusal: Refusal;
}

export interface HoldPlaced {
  readonly type: 'hold.placed';
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly transfers: readonly HoldLeg[];
}

export interface TransferReversed {
  readonly type: 'transfer.reversed';
  readonly reverses: string;
  readonly transfer: Transfer;
}

export interface TransactionReversed {
  readonly type: 'transaction.reversed';
  readonly reverses: string;
  /** Of the new transaction. */
  readonly id: string;
  readonly legs: readonly { readonly reverses: string; readonly transfer: Transfer }[];
}

/** Money and goods of an order, taken back as one transaction. */
export interface OrderCancelled {
  readonly type: 'order.cancelled';
  readonly order: string;
  readonly id: string;
  readonly transfers: readonly Transfer[];
}

/** The account as a change of it left it: what its command is answered with, whenever it is asked. */
export interface AccountLeft {
  readonly status: AccountStatus;
  readonly balance: bigint;
  /** Pending debits. */
  readonly held: bigint;
  readonly creditLimit: bigint | null;
  readonly maximumBalance: bigint | null;
  /** Milliseconds since 1970; null: no lease was held. */
  readonly leasedUntil: number | null;
  readonly version: number;
}

/** Both limits as they are from now on. */
export interface AccountChanged {
  readonly type: 'account.changed';
  readonly account: string;
  readonly left: AccountLeft;
}

export interface AccountStatusChanged {
  readonly type: 'account.frozen' | 'account.unfrozen' | 'account.closed' | 'account.reopened';
  readonly account: string;
  readonly reason: string | null;
  readonly left: AccountLeft;
}

/** `granted`, here and below: the lease whose turn came by this event; null: nobody's. */
export interface LeaseRequested {
  readonly type: 'lease.requested';
  readonly account: string;
  readonly id: string;
  readonly owner: string;
  /** Seconds. */
  readonly ttl: number;
  /** Milliseconds since 1970. */
  readonly waitUntil: number;
  readonly granted: string | null;
}

export interface LeaseRenewed {
  readonly type: 'lease.renewed';
  readonly account: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface LeaseReleased {
  readonly type: 'lease.released';
  readonly account: string;
  readonly id: string;
  readonly granted: string | null;
}

/** Whose command a fact settles. */
export interface CommandMark {
  readonly principal: string;
  readonly id: string;
  readonly hash: string;
}

/** One thing that happened, numbered by `seq` without gap in the bank's one order. */
export interface Event {
  readonly seq: number;
  /** Null for what the bank did by itself. */
  readonly command: CommandMark | null;
  readonly fact: Fact;
}

/** The refusal in a fact; undefined when the fact is an effect. */
export function refusalOf(fact: Fact): Refusal | undefined {
  return fact.type === 'command.refused' || fact.type === 'order.refused'
    ? fact.refusal
    : undefined;
}
