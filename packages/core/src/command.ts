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
  | PlaceOrder;

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly account: string;
  readonly asset: string;
  /** Minor units; null: without limit. */
  readonly creditLimit: bigint | null;
  readonly metadata: Metadata;
}

/** A wanted transfer; its asset is that of both accounts. */
export interface TransferRequest {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly metadata: Metadata;
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

/** A command with who asks, under which id, and the hash of route and body. */
export interface Envelope {
  readonly principal: string;
  readonly id: string;
  /** SHA-256 of route and body, 64 hexadecimal digits. */
  readonly hash: string;
  readonly command: Command;
}
