import {
  NO_METADATA,
  type Account,
  type AccountStatus,
  type Metadata,
  type Product,
} from '@lastro/core';
import { shared } from './shared-values.ts';
import type { Head, StoredAccount, StoredOutcome } from './row-types.ts';

/** Rows as the driver gives them: `bigint` and `numeric` as bigint, times as milliseconds. */
export interface HeadRow {
  block: bigint;
  seq: bigint;
  hash: Buffer;
  at: number;
  accounts: bigint;
  bank: string;
}

export function toHead(row: HeadRow): Head {
  return {
    block: Number(row.block),
    seq: Number(row.seq),
    hash: row.hash.toString('hex'),
    at: row.at,
    accounts: Number(row.accounts),
    bank: row.bank,
  };
}

export interface AccountRow {
  number: bigint;
  id: string;
  asset: string;
  debits_posted: bigint;
  credits_posted: bigint;
  debits_pending: bigint;
  credits_pending: bigint;
  credit_limit: bigint | null;
  maximum_balance: bigint | null;
  status: AccountStatus;
  lease_token: bigint | null;
  lease_until: number | null;
  rebuilt: boolean;
  version: bigint;
  created_at: number;
  metadata: Metadata | null;
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    asset: shared(row.asset),
    debitsPosted: row.debits_posted,
    creditsPosted: row.credits_posted,
    debitsPending: row.debits_pending,
    creditsPending: row.credits_pending,
    creditLimit: row.credit_limit,
    maximumBalance: row.maximum_balance,
    status: shared(row.status),
    leaseToken: row.lease_token === null ? null : Number(row.lease_token),
    leaseUntil: row.lease_until,
    isRebuilt: row.rebuilt,
    version: Number(row.version),
    createdAt: row.created_at,
    metadata: row.metadata ?? NO_METADATA,
  };
}

export function toStoredAccount(row: AccountRow): StoredAccount {
  return { number: Number(row.number), account: toAccount(row) };
}

export interface ProductRow {
  sku: string;
  name: string;
  price: bigint;
  asset: string;
  merchant: string | null;
  version: bigint;
  created_at: number;
}

export function toProduct(row: ProductRow): Product {
  return {
    sku: row.sku,
    name: row.name,
    price: row.price,
    asset: row.asset,
    merchant: row.merchant,
    version: Number(row.version),
    createdAt: row.created_at,
  };
}

export interface OutcomeRow {
  principal: string;
  id: string;
  hash: Buffer;
  seq: bigint;
  code: string | null;
}

export function toOutcome(row: OutcomeRow): StoredOutcome {
  const { principal, id, hash, seq, code } = row;
  return { principal, id, hash: hash.toString('hex'), seq: Number(seq), code };
}
