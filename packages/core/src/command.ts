import type {
  BeginCrossBank,
  GrantConsent,
  RevokeConsent,
  SetExposureLimit,
} from './consortium-command.ts';
import type { Metadata } from './metadata.ts';
import type { OrderRequestLine } from './order.ts';

/** What a caller wants. Every id that the effect will need is in it already, so that deciding is pure. */
export type Command =
  | OpenAccount
  | PostTransfer
  | Deposit
  | Withdraw
  | PostTransaction
  | CreateProduct
  | ChangeProduct
  | ReceiveGoods
  | AdjustGoods
  | PlaceOrder
  | CancelOrder
  | PlaceHold
  | CaptureHold
  | ReleaseHold
  | ExtendHold
  | ReverseTransfer
  | ReverseTransaction
  | ChangeAccount
  | FreezeAccount
  | UnfreezeAccount
  | CloseAccount
  | ReopenAccount
  | RequestLease
  | RenewLease
  | ReleaseLease
  | BeginCrossBank
  | SetExposureLimit
  | GrantConsent
  | RevokeConsent;

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly account: string;
  readonly asset: string;
  /** Minor units; null: without limit. */
  readonly creditLimit: bigint | null;
  /** Minor units; null: none of its own. */
  readonly maximumBalance: bigint | null;
  readonly metadata: Metadata;
}

/** What must hold of the debited account at the moment of the transfer. */
export interface Condition {
  /** The account's version; null: any. */
  readonly version: number | null;
  /** The least balance before the transfer; null: any. */
  readonly balanceAtLeast: bigint | null;
  /** The credited account's version; left out: any. */
  readonly creditedVersion?: number;
}

/** A wanted transfer; its asset is that of both accounts. */
export interface TransferRequest {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly metadata: Metadata;
  /** null: without. */
  readonly condition: Condition | null;
}

export interface PostTransfer extends TransferRequest {
  readonly type: 'PostTransfer';
}

/** Money from outside: a transfer from `cash:<code>` to the account. */
export interface Deposit {
  readonly type: 'Deposit';
  readonly id: string;
  readonly account: string;
  readonly amount: bigint;
  readonly metadata: Metadata;
}

/** Money to outside: a transfer from the account to `cash:<code>`. */
export interface Withdraw {
  readonly type: 'Withdraw';
  readonly id: string;
  readonly account: string;
  readonly amount: bigint;
  readonly metadata: Metadata;
}

/** Several transfers, all or none, decided in their order: each must be possible after those before it. */
export interface PostTransaction {
  readonly type: 'PostTransaction';
  readonly id: string;
  readonly transfers: readonly TransferRequest[];
}

export interface CreateProduct {
  readonly type: 'CreateProduct';
  readonly sku: string;
  readonly name: string;
  readonly price: bigint;
  readonly asset: string;
  readonly merchant: string | null;
  /** Units that are there from the start. */
  readonly stock: bigint;
  /** Of the goods transfer that brings the first stock, when there is any. */
  readonly transferId: string;
}

export interface ChangeProduct {
  readonly type: 'ChangeProduct';
  readonly sku: string;
  /** The version that the caller saw. */
  readonly version: number;
  readonly name: string | null;
  readonly price: bigint | null;
}

export interface ReceiveGoods {
  readonly type: 'ReceiveGoods';
  readonly sku: string;
  readonly quantity: bigint;
  readonly transferId: string;
}

/** Corrects the stock by a signed quantity: below zero writes off, above zero finds again. */
export interface AdjustGoods {
  readonly type: 'AdjustGoods';
  readonly sku: string;
  readonly quantity: bigint;
  readonly reason: string;
  readonly transferId: string;
}

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly id: string;
  readonly customer: string;
  readonly merchant: string;
  readonly lines: readonly OrderRequestLine[];
  /** Refuse with `price_changed` when the total is another; null: any. */
  readonly expectedTotal: bigint | null;
  /** One id for the money and one for each line: at least `lines.length + 1`. */
  readonly transferIds: readonly string[];
}

/**
 * Takes a whole order back, money and goods. The new transfers get `transferId` and the ids that
 * follow it (see `numberedId`).
 */
export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly order: string;
  /** Of the transaction that takes it back. */
  readonly id: string;
  readonly transferId: string;
}

/** When a hold ends by itself: so many seconds after it is placed, or at a moment in milliseconds. */
export type Expiry = { readonly ttl: number } | { readonly at: number };

/** A transfer that is only promised: it gets its id when it is captured. */
export type HoldRequest = Omit<TransferRequest, 'id'>;

/** Reserves amounts on both sides, all or none. */
export interface PlaceHold {
  readonly type: 'PlaceHold';
  readonly id: string;
  readonly transfers: readonly HoldRequest[];
  readonly expiry: Expiry;
}

/** Posts what was promised, or a part of it, and releases the rest. */
export interface CaptureHold {
  readonly type: 'CaptureHold';
  readonly hold: string;
  /** null: all of it. */
  readonly amount: bigint | null;
  /** Of the first new transfer; the others get the ids that follow it (see `numberedId`). */
  readonly transferId: string;
}

export interface ReleaseHold {
  readonly type: 'ReleaseHold';
  readonly hold: string;
}

/** Lets a hold last longer. */
export interface ExtendHold {
  readonly type: 'ExtendHold';
  readonly hold: string;
  readonly expiry: Expiry;
}

/** Moves an amount back by a new transfer; all that is left to move back when none is named. */
export interface ReverseTransfer {
  readonly type: 'ReverseTransfer';
  readonly id: string;
  readonly reverses: string;
  readonly amount: bigint | null;
  readonly metadata: Metadata;
  /** Whether the caller may move money out of the bank and into it: deposits and withdrawals. */
  readonly mayMoveCash: boolean;
}

/** Moves all of a transaction or of a captured group back, once. */
export interface ReverseTransaction {
  readonly type: 'ReverseTransaction';
  /** Of the new transaction. */
  readonly id: string;
  readonly reverses: string;
  /** Of the first new transfer (see `numberedId`). */
  readonly transferId: string;
}

/** A limit as it is to be; null: as it is. */
export type LimitChange = { readonly to: bigint | null } | null;

export interface ChangeAccount {
  readonly type: 'ChangeAccount';
  readonly account: string;
  /** The version that the caller saw; null: whatever it is. */
  readonly version: number | null;
  readonly creditLimit: LimitChange;
  readonly maximumBalance: LimitChange;
}

interface ChangeStatus {
  readonly account: string;
  /** For whoever reads the journal later. */
  readonly reason: string | null;
}

/** No new debit and no new hold out; credits arrive, and what was promised is kept. */
export interface FreezeAccount extends ChangeStatus {
  readonly type: 'FreezeAccount';
}

export interface UnfreezeAccount extends ChangeStatus {
  readonly type: 'UnfreezeAccount';
}

/** Only an account with nothing on it and nothing promised. */
export interface CloseAccount extends ChangeStatus {
  readonly type: 'CloseAccount';
}

export interface ReopenAccount extends ChangeStatus {
  readonly type: 'ReopenAccount';
}

/** Asks for the exclusive right to write an account: now, or as soon as those before had theirs. */
export interface RequestLease {
  readonly type: 'RequestLease';
  readonly id: string;
  readonly account: string;
  /** Who asks, for people to read. */
  readonly owner: string;
  /** Seconds that a grant lasts. */
  readonly ttl: number;
  /** Seconds that the request may wait for its turn; 0: not at all. */
  readonly wait: number;
}

/** Lets a lease that is held last `ttl` seconds from now. */
export interface RenewLease {
  readonly type: 'RenewLease';
  readonly account: string;
  readonly lease: string;
  readonly ttl: number;
}

/** Gives a lease back, or stops waiting for it. */
export interface ReleaseLease {
  readonly type: 'ReleaseLease';
  readonly account: string;
  readonly lease: string;
  /** Only while it still waits: one that was granted meanwhile stays. */
  readonly ifWaiting?: boolean;
}

/** A command with who asks, under which id, and the hash of route and body. */
export interface Envelope {
  readonly principal: string;
  readonly id: string;
  /** SHA-256 of route and body, 64 hexadecimal digits. */
  readonly hash: string;
  readonly command: Command;
  /** Of the leases under which it writes; not part of what it asks for. */
  readonly leaseTokens: readonly number[];
}

export const NO_LEASE_TOKENS: readonly number[] = Object.freeze([]);
