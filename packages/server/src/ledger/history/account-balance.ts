import type { BalanceAnswer } from '@lastro/contract';
import { toTimestamp, toWideInteger } from '../../http/wire.ts';
import type { Snapshot } from '../../store/reads.ts';
import { readLastOpenedAt } from './opened-accounts.ts';
import type { Standing } from './standing.ts';

interface BalanceRow {
  number: bigint;
  asset: string;
  created_at: number;
  /** null: nothing had moved yet. */
  balance: bigint | null;
}

/** The newest transfer on either side; each says the balance that it left. */
const BALANCE = `
  select a.number, a.asset, a.created_at, moved.balance
    from account a left join lateral (
      (select seq, leg, from_balance as balance from transfer
        where from_account = a.number and seq <= $2 order by seq desc, leg desc limit 1)
      union all
      (select seq, leg, to_balance from transfer
        where to_account = a.number and seq <= $2 order by seq desc, leg desc limit 1)
      order by seq desc, leg desc limit 1) moved on true
   where a.id = $1`;

/**
 * An account's posted balance as an event left it; undefined where it wasn't open yet. Transfers stay
 * and only higher events are added, so the answer is the same for ever.
 */
export async function readBalanceAt(
  reads: Snapshot,
  account: string,
  standing: Standing,
): Promise<BalanceAnswer | undefined> {
  const [row] = await reads.rows<BalanceRow>(BALANCE, [account, standing.seq]);
  if (row === undefined) return undefined;
  if (row.balance === null && !(await wasOpen(reads, row, standing))) return undefined;
  return {
    account,
    asset: row.asset,
    balance: toWideInteger(row.balance ?? 0n),
    seq: standing.seq,
    at: toTimestamp(standing.at),
  };
}

async function wasOpen(reads: Snapshot, row: BalanceRow, standing: Standing): Promise<boolean> {
  if (row.created_at !== standing.at) return row.created_at < standing.at;
  return Number(row.number) <= (await readLastOpenedAt(reads, standing));
}
