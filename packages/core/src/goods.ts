import { receivedAccount, soldAccount, stockAccount, writtenOffAccount } from './account-id.ts';

/** Which way units of a product go. */
export interface GoodsRoute {
  readonly from: string;
  readonly to: string;
  /** Above zero. */
  readonly amount: bigint;
}

/**
 * A signed quantity as a movement: what arrives or is found comes from `received:`, what is lost
 * goes to `written-off:`. So received = stock + sold + written off (invariant I3).
 */
export function goodsRoute(sku: string, quantity: bigint): GoodsRoute {
  return quantity > 0n
    ? { from: receivedAccount(sku), to: stockAccount(sku), amount: quantity }
    : { from: stockAccount(sku), to: writtenOffAccount(sku), amount: -quantity };
}

/** The accounts that hold one product's units; only `received:` may go below zero. */
export function goodsAccounts(
  sku: string,
): readonly { readonly id: string; readonly creditLimit: bigint | null }[] {
  return [
    { id: receivedAccount(sku), creditLimit: null },
    { id: stockAccount(sku), creditLimit: 0n },
    { id: soldAccount(sku), creditLimit: 0n },
    { id: writtenOffAccount(sku), creditLimit: 0n },
  ];
}
