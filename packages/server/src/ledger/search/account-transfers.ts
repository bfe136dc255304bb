import type { Snapshot } from '../../store/reads.ts';
import {
  toPlacedTransfer,
  TRANSFER_ACCOUNTS,
  TRANSFER_COLUMNS,
  type EntryPlace,
  type TransferRow,
} from '../queries.ts';
import {
  pageOf,
  type SearchRange,
  type TransferFilter,
  type TransferPage,
} from './transfer-page.ts';

/** How many of an account's transfers, on each side of it, one page looks into. */
const LOOKED_INTO_MAX = 4_096;

type Side = 'from_account' | 'to_account';

const ACCOUNT = '(select number from account where id = $1)';

/** Where, on one side, as many transfers were looked into as one page may; none where there are fewer. */
const lastLookedInto = (side: Side) => `
  (select t.seq, t.leg from transfer t
    where t.${side} = ${ACCOUNT} and (t.seq, t.leg) < ($2, $3)
    order by t.seq desc, t.leg desc offset $4 - 1 limit 1)`;

const LOOKED_INTO = `select seq, leg
  from (${lastLookedInto('from_account')} union all ${lastLookedInto('to_account')}) places
  order by seq desc, leg desc limit 1`;

const matching = (side: Side) => `
  (select * from transfer t
    where t.${side} = ${ACCOUNT} and (t.seq, t.leg) < ($2, $3) and (t.seq, t.leg) >= ($4, $5)
      and ($6::bigint is null or (t.amount >= $6 and t.amount <= $7))
      and ($8::jsonb is null or t.metadata @> $8)
    order by t.seq desc, t.leg desc limit $9)`;

const MATCHING = `select ${TRANSFER_COLUMNS}
  from (${matching('from_account')} union all ${matching('to_account')}) t ${TRANSFER_ACCOUNTS}
  order by t.seq desc, t.leg desc limit $9`;

/**
 * A page of an account's transfers: its newest on both sides, of which those that the filter lets
 * through.
 */
export async function readTransfersOfAccount(
  reads: Snapshot,
  account: string,
  { amounts, metadata }: Pick<TransferFilter, 'amounts' | 'metadata'>,
  { low, before }: SearchRange,
  limit: number,
): Promise<TransferPage> {
  const end: EntryPlace = { seq: low, leg: 0 };
  const isFiltered = amounts !== null || metadata !== null;
  const lookedInto = isFiltered ? await readLookedInto(reads, account, before) : undefined;
  const until = lookedInto !== undefined && lookedInto.seq >= low ? lookedInto : end;
  const rows = await reads.rows<TransferRow>(MATCHING, [
    account,
    before.seq,
    before.leg,
    until.seq,
    until.leg,
    amounts?.low ?? null,
    amounts?.high ?? null,
    metadata,
    limit + 1,
  ]);
  return pageOf(rows.map(toPlacedTransfer), limit, until === end ? null : until);
}

/** The place down to which both sides were looked into; undefined: to their ends. */
async function readLookedInto(
  reads: Snapshot,
  account: string,
  before: EntryPlace,
): Promise<EntryPlace | undefined> {
  const [row] = await reads.rows<{ seq: bigint; leg: number }>(LOOKED_INTO, [
    account,
    before.seq,
    before.leg,
    LOOKED_INTO_MAX,
  ]);
  return row === undefined ? undefined : { seq: Number(row.seq), leg: row.leg };
}
