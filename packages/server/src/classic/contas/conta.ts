import { AMOUNT_MAX_DEFAULT, balance, type Metadata } from '@lastro/core';
import { readAccount } from '../../ledger/queries.ts';
import type { Snapshot } from '../../store/reads.ts';

/** What the accounts of this surface hold: centavos. */
export const ASSET = 'BRL/2';

/** Centavos; what no single operation may pass. */
export const AMOUNT_MAX = AMOUNT_MAX_DEFAULT;

export interface Conta {
  /** Centavos. */
  readonly balance: bigint;
  /** 1: nothing has moved since it was opened. */
  readonly version: number;
  readonly metadata: Metadata;
}

/** An account as it stands now; undefined where there is none in reais. */
export async function readConta(reads: Snapshot, account: string): Promise<Conta | undefined> {
  const found = await readAccount(reads, account);
  if (found === undefined || found.asset !== ASSET) return undefined;
  return { balance: balance(found), version: found.version, metadata: found.metadata };
}

/** Those of the accounts that stand, in reais; an account that stands never goes. */
export async function standingAmong(
  reads: Snapshot,
  accounts: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await reads.rows<{ id: string }>(
    `select id from account where id = any($1::text[]) and asset = $2`,
    [accounts, ASSET],
  );
  return new Set(rows.map(({ id }) => id));
}
