import { toStoredAccount, type AccountRow } from './read-rows.ts';
import type { Reads } from './reads.ts';
import type { StoredAccount } from './row-types.ts';

/** Accounts and head, of one picture of the database. */
export interface AccountsAsOf {
  /** Of head, 64 hexadecimal digits; empty where none of them stands. */
  readonly hash: string;
  /** Those that stand. */
  readonly accounts: readonly StoredAccount[];
}

interface Row extends AccountRow {
  readonly head_hash: Buffer;
}

/** One statement, so that head and accounts are of one moment. */
const TEXT = `
  select (select hash from head) as head_hash, number, id, asset,
         debits_posted, credits_posted, debits_pending, credits_pending, credit_limit,
         maximum_balance, status, lease_token, lease_until, rebuilt, version, created_at, metadata
    from account
   where id = any($1::text[])`;

/** Reads accounts together with the head that they are as of. */
export async function readAccountsAsOf(
  reads: Pick<Reads, 'rows'>,
  ids: readonly string[],
): Promise<AccountsAsOf> {
  const rows = await reads.rows<Row>(TEXT, [ids], 'accounts-as-of');
  const hash = rows[0]?.head_hash.toString('hex') ?? '';
  return { hash, accounts: rows.map(toStoredAccount) };
}
