import type { Period } from '../../http/period.ts';
import { toAccount, type AccountRow } from '../../store/read-rows.ts';
import type { Snapshot } from '../../store/reads.ts';
import { readLastOpenedBy } from '../history/opened-accounts.ts';
import { ACCOUNT_COLUMNS, type NumberedAccount } from '../queries.ts';
import { spanRuns, type NumberRange } from './spans.ts';

/** What an account must be, all of it. */
export interface AccountFilter {
  readonly asset: string | null;
  /** Pairs that its metadata has, as JSON text. */
  readonly metadata: string | null;
}

export interface AccountPage {
  readonly found: readonly NumberedAccount[];
  /** Where the next page goes on, below this number; null: all was looked into. */
  readonly next: number | null;
}

const LISTED = `select ${ACCOUNT_COLUMNS} from account
  where number >= $1 and number < $2 order by number desc limit $3`;

const OF_ASSET = `select ${ACCOUNT_COLUMNS} from account
  where number >= $1 and number < $2 and asset = $4 order by number desc limit $3`;

/** By the index over metadata, as with transfers. */
const WITH_METADATA = `select ${ACCOUNT_COLUMNS}
    from generate_series($4::bigint, $5::bigint, -1) s (span)
   cross join lateral (
     select * from account a
      where a.metadata is not null
        and jsonb_set('{}'::jsonb, array[(a.number >> 12)::text], a.metadata)
            @> jsonb_set('{}'::jsonb, array[s.span::text], $6::jsonb)
        and ($7::text is null or a.asset = $7) and a.number >= $1 and a.number < $2
      order by a.number desc limit $3) a
   order by number desc limit $3`;

/**
 * One page of what a filter finds, newest first; it may have fewer than `limit`, even none, and yet
 * go on. None of what is filtered by ever changes, so pages neither repeat nor skip.
 */
export async function searchAccounts(
  reads: Snapshot,
  { asset, metadata }: AccountFilter,
  period: Period,
  before: number | undefined,
  limit: number,
): Promise<AccountPage> {
  const { low, high } = await readOpenedRange(reads, period);
  const range = { low, high: Math.min(high, before ?? high) };
  if (metadata !== null) return readInSpans(reads, asset, metadata, range, limit);
  const bounds = [range.low, range.high, limit + 1];
  const rows =
    asset === null
      ? await reads.rows<AccountRow>(LISTED, bounds)
      : await reads.rows<AccountRow>(OF_ASSET, [...bounds, asset]);
  return pageOf(rows, limit, null);
}

/** The numbers of the accounts opened in a period, up to the newest. */
async function readOpenedRange(reads: Snapshot, { from, to }: Period): Promise<NumberRange> {
  const [last, low, high] = await Promise.all([
    readLastNumber(reads),
    from === null ? 0 : readLastOpenedBy(reads, from - 1),
    to === null ? null : readLastOpenedBy(reads, to - 1),
  ]);
  return { low: low + 1, high: (high ?? last) + 1 };
}

async function readLastNumber(reads: Snapshot): Promise<number> {
  const [head] = await reads.rows<{ accounts: bigint }>('select accounts from head');
  return Number(head?.accounts ?? 0n);
}

async function readInSpans(
  reads: Snapshot,
  asset: string | null,
  metadata: string,
  range: NumberRange,
  limit: number,
): Promise<AccountPage> {
  const found: AccountRow[] = [];
  let rest = range.high;
  for (const run of spanRuns(range)) {
    const { firstSpan, lastSpan, low, high } = run;
    const count = limit + 1 - found.length;
    found.push(
      ...(await reads.rows<AccountRow>(WITH_METADATA, [
        low,
        high,
        count,
        firstSpan,
        lastSpan,
        metadata,
        asset,
      ])),
    );
    rest = low;
    if (found.length > limit) break;
  }
  return pageOf(found, limit, rest > range.low ? rest : null);
}

function pageOf(rows: readonly AccountRow[], limit: number, rest: number | null): AccountPage {
  const found = rows
    .slice(0, limit)
    .map((row) => ({ number: Number(row.number), account: toAccount(row) }));
  const last = found.at(-1);
  return { found, next: rows.length > limit && last !== undefined ? last.number : rest };
}
