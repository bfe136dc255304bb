import { parseAsset } from './asset.ts';

/** Ids that clients may choose: 1–64 characters, never `/`. */
export const ACCOUNT_ID = /^[A-Za-z0-9._:@+-]{1,64}$/;

/** A sku leaves room for the longest system prefix within an account id. */
export const SKU = /^[A-Za-z0-9._:@+-]{1,50}$/;

const SYSTEM_PREFIXES = [
  'cash:',
  'peer:',
  'stock:',
  'sold:',
  'received:',
  'written-off:',
  'adjustment:',
] as const;

/** System accounts can't be created, debited or credited by clients, only by the commands that own them. */
export function isSystemAccount(id: string): boolean {
  return SYSTEM_PREFIXES.some((prefix) => id.startsWith(prefix));
}

/** Whether balances may pass 2^53 − 1 (see `WIDE_BALANCE_MAX`). */
export function isWideAccount(id: string): boolean {
  return id.startsWith('cash:') || id.startsWith('peer:');
}

/** Where deposits of an asset come from and withdrawals go to. */
export function cashAccount(asset: string): string {
  return `cash:${parseAsset(asset).code}`;
}

export function stockAccount(sku: string): string {
  return `stock:${sku}`;
}

export function soldAccount(sku: string): string {
  return `sold:${sku}`;
}

/** Counts what ever arrived, as a debt: its balance is minus the quantity received. */
export function receivedAccount(sku: string): string {
  return `received:${sku}`;
}

export function writtenOffAccount(sku: string): string {
  return `written-off:${sku}`;
}
