import type { TrialBalance } from '@lastro/contract';
import type { Reads } from '../store/reads.ts';

interface AssetRow {
  asset: string;
  debits: bigint;
  credits: bigint;
  pending_debits: bigint;
  pending_credits: bigint;
  accounts: bigint;
}

const ASSETS = `select asset, sum(debits_posted) as debits, sum(credits_posted) as credits,
    sum(debits_pending) as pending_debits, sum(credits_pending) as pending_credits,
    count(*) as accounts
  from account group by asset order by asset`;

/** The books in one snapshot, with the block and event that it was taken at. */
export async function readTrialBalance(reads: Reads): Promise<TrialBalance> {
  return reads.inSnapshot(async (snapshot) => {
    const [head] = await snapshot.rows<{ block: bigint; seq: bigint }>(
      'select block, seq from head',
    );
    const rows = await snapshot.rows<AssetRow>(ASSETS);
    return {
      block: Number(head?.block ?? 0n),
      seq: Number(head?.seq ?? 0n),
      assets: rows.map((row) => ({
        asset: row.asset,
        debits: row.debits.toString(),
        credits: row.credits.toString(),
        pendingDebits: row.pending_debits.toString(),
        pendingCredits: row.pending_credits.toString(),
        balance: (row.credits - row.debits).toString(),
        accounts: Number(row.accounts),
      })),
    };
  });
}
