import type { TrialBalance } from '@lastro/contract';
import type { Reads, Snapshot } from '../store/reads.ts';

/** What one asset's accounts add up to. */
export interface AssetSums {
  readonly debits: bigint;
  readonly credits: bigint;
  readonly pendingDebits: bigint;
  readonly pendingCredits: bigint;
  readonly accounts: bigint;
}

/** The sums of every asset that any account counts, as of an event. */
export interface Books {
  readonly block: number;
  readonly seq: number;
  readonly assets: ReadonlyMap<string, AssetSums>;
}

export interface LiveBooks extends Books {
  /** The highest number that an account has been given. */
  readonly lastAccount: number;
}

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
  from account group by asset`;

/** The books in one snapshot, with the block and event that it was taken at. */
export async function readBooks(reads: Reads): Promise<LiveBooks> {
  return reads.inSnapshot(async (snapshot) => {
    const [head] = await snapshot.rows<{ block: bigint; seq: bigint; accounts: bigint }>(
      'select block, seq, accounts from head',
    );
    return {
      block: Number(head?.block ?? 0n),
      seq: Number(head?.seq ?? 0n),
      lastAccount: Number(head?.accounts ?? 0n),
      assets: await readAssets(snapshot),
    };
  });
}

async function readAssets(snapshot: Snapshot): Promise<Map<string, AssetSums>> {
  const rows = await snapshot.rows<AssetRow>(ASSETS);
  return new Map(
    rows.map((row) => [
      row.asset,
      {
        debits: row.debits,
        credits: row.credits,
        pendingDebits: row.pending_debits,
        pendingCredits: row.pending_credits,
        accounts: row.accounts,
      },
    ]),
  );
}

export function presentBooks({ block, seq, assets }: Books): TrialBalance {
  return {
    block,
    seq,
    assets: [...assets]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([asset, sums]) => ({
        asset,
        debits: sums.debits.toString(),
        credits: sums.credits.toString(),
        pendingDebits: sums.pendingDebits.toString(),
        pendingCredits: sums.pendingCredits.toString(),
        balance: (sums.credits - sums.debits).toString(),
        accounts: Number(sums.accounts),
      })),
  };
}
