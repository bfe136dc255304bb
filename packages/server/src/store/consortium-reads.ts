import type { Consent, CrossBankRecord } from '@lastro/core';
import {
  toConsent,
  toCrossBank,
  type ConsentRow,
  type CrossBankRow,
} from './read-consortium-rows.ts';
import type { Snapshot } from './reads.ts';

// What the bank has recorded of cross-bank transactions, for whoever drives or shows them.

const CROSS_TRANSACTION = `select id, state, hash, body, signature, yes, because, rebuilt, settled,
  decided_at, pending_order, seq, at, decided_seq from cross_transaction`;

/** The transaction `<bank>/<uuid>`; undefined: nothing is recorded. */
export async function readCrossTransaction(
  reads: Snapshot,
  id: string,
): Promise<CrossBankRecord | undefined> {
  const [row] = await reads.rows<CrossBankRow>(`${CROSS_TRANSACTION} where id = $1`, [id]);
  return row === undefined ? undefined : toCrossBank(row);
}

/**
 * Transactions that the bank still has something to do about: undecided, or decided and not yet
 * acknowledged by all. In the order of their ids, after the id `after`.
 */
export async function readUnfinishedCrossTransactions(
  reads: Snapshot,
  after: string | null,
  limit: number,
): Promise<readonly CrossBankRecord[]> {
  const rows = await reads.rows<CrossBankRow>(
    `${CROSS_TRANSACTION} where not settled and id > $1 order by id limit $2`,
    [after ?? '', limit],
  );
  return rows.map(toCrossBank);
}

export interface CrossTransactionFilter {
  readonly state: CrossBankRecord['durable']['is'] | undefined;
  /** Recorded first before this moment, milliseconds since 1970. */
  readonly before: number | undefined;
  /** The last id of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

/** Transactions in the order of their ids; those of one coordinator are in the order of their time. */
export async function readCrossTransactions(
  reads: Snapshot,
  { state, before, after, limit }: CrossTransactionFilter,
): Promise<readonly CrossBankRecord[]> {
  // What is undecided is never settled: said so, for the small index of what is open.
  const isOpen = state === 'prepared' || state === 'in_doubt' ? 'not settled and' : '';
  const rows = await reads.rows<CrossBankRow>(
    `${CROSS_TRANSACTION} where ${isOpen} ($1::text is null or state = $1)
       and ($2::timestamptz is null or at < $2) and id > $3 order by id limit $4`,
    [
      state ?? null,
      before === undefined ? null : new Date(before).toISOString(),
      after ?? '',
      limit,
    ],
  );
  return rows.map(toCrossBank);
}

const CONSENT = `select id, account, bank, amount, uses, spent, expires_at, revoked_at, seq, at
  from consent`;

export async function readConsent(reads: Snapshot, id: string): Promise<Consent | undefined> {
  const [row] = await reads.rows<ConsentRow>(`${CONSENT} where id = $1`, [id]);
  return row === undefined ? undefined : toConsent(row);
}

export interface ConsentFilter {
  readonly account: string | undefined;
  /** The one that may debit. */
  readonly bank: string | undefined;
}

/** Consents, newest first, granted before the event of number `before`. */
export async function readConsents(
  reads: Snapshot,
  { account, bank }: ConsentFilter,
  before: number | undefined,
  limit: number,
): Promise<readonly Consent[]> {
  const rows = await reads.rows<ConsentRow>(
    `${CONSENT} where ($1::text is null or account = $1) and ($2::text is null or bank = $2)
       and seq < $3 order by seq desc limit $4`,
    [account ?? null, bank ?? null, before ?? Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(toConsent);
}

/** Whether a nonce was spent by this key in a block that stands, and is still to be kept. */
export async function isNonceSpent(
  reads: Snapshot,
  keyId: string,
  value: string,
): Promise<boolean> {
  const rows = await reads.rows(
    `select 1 from peer_nonce where key_id = $1 and value = $2`,
    [keyId, value],
    'peer_nonce',
  );
  return rows.length > 0;
}
