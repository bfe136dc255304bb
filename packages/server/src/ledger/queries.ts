import type { Entry, TransferAnswer } from '@lastro/contract';
import { isWideAccount, type Account, type Metadata } from '@lastro/core';
import { toJsonInteger, toTimestamp, toWideInteger } from '../http/wire.ts';
import { toAccount, type AccountRow } from '../store/read-rows.ts';
import type { Snapshot } from '../store/reads.ts';

export const ACCOUNT_COLUMNS = `number, id, asset, debits_posted, credits_posted, debits_pending,
  credits_pending, credit_limit, maximum_balance, status, lease_token, lease_until, rebuilt, version,
  created_at, metadata`;

export async function readAccount(reads: Snapshot, id: string): Promise<Account | undefined> {
  const [row] = await reads.rows<AccountRow>(
    `select ${ACCOUNT_COLUMNS} from account where id = $1`,
    [id],
  );
  return row === undefined ? undefined : toAccount(row);
}

export interface NumberedAccount {
  readonly number: number;
  readonly account: Account;
}

/** A place in an account's history: newest first, below (`seq`, `leg`). */
export interface EntryPlace {
  readonly seq: number;
  readonly leg: number;
}

export interface PlacedEntry extends EntryPlace {
  readonly entry: Entry;
}

interface EntryRow {
  seq: bigint;
  leg: number;
  id: string;
  direction: 'in' | 'out';
  amount: bigint;
  counterparty: string;
  balance_after: bigint;
  at: number;
}

const ENTRIES = `
  with own as (select number from account where id = $1),
  moved as (
    (select t.seq, t.leg, t.id, 'out' as direction, t.amount, t.to_account as other,
            t.from_balance as balance_after, t.at
       from transfer t
      where t.from_account = (select number from own) and (t.seq, t.leg) < ($2, $3)
      order by t.seq desc, t.leg desc limit $4)
    union all
    (select t.seq, t.leg, t.id, 'in', t.amount, t.from_account, t.to_balance, t.at
       from transfer t
      where t.to_account = (select number from own) and (t.seq, t.leg) < ($2, $3)
      order by t.seq desc, t.leg desc limit $4)
  )
  select m.seq, m.leg, m.id, m.direction, m.amount, a.id as counterparty, m.balance_after, m.at
    from moved m join account a on a.number = m.other
   order by m.seq desc, m.leg desc limit $4`;

export async function readEntries(
  reads: Snapshot,
  account: string,
  before: EntryPlace | undefined,
  limit: number,
): Promise<PlacedEntry[]> {
  const place = before ?? { seq: Number.MAX_SAFE_INTEGER, leg: 0 };
  const rows = await reads.rows<EntryRow>(ENTRIES, [account, place.seq, place.leg, limit]);
  const isWide = isWideAccount(account);
  return rows.map((row) => ({
    seq: Number(row.seq),
    leg: row.leg,
    entry: {
      seq: Number(row.seq),
      transferId: row.id,
      direction: row.direction,
      amount: toJsonInteger(row.amount),
      counterparty: row.counterparty,
      balanceAfter: isWide ? toWideInteger(row.balance_after) : toJsonInteger(row.balance_after),
      at: toTimestamp(row.at),
    },
  }));
}

export interface TransferRow {
  id: string;
  seq: bigint;
  leg: number;
  from: string;
  to: string;
  amount: bigint;
  asset: string;
  at: number;
  metadata: Metadata | null;
}

export const TRANSFER_COLUMNS = `t.id, t.seq, t.leg, f.id as "from", o.id as "to", t.amount, f.asset, t.at,
  t.metadata`;
export const TRANSFER_ACCOUNTS = `join account f on f.number = t.from_account
  join account o on o.number = t.to_account`;

export interface PlacedTransfer extends EntryPlace {
  readonly transfer: TransferAnswer;
}

export function toPlacedTransfer(row: TransferRow): PlacedTransfer {
  const seq = Number(row.seq);
  const { id, leg, from, to, asset } = row;
  return {
    seq,
    leg,
    transfer: {
      id,
      status: 'posted',
      from,
      to,
      amount: toJsonInteger(row.amount),
      asset,
      seq,
      at: toTimestamp(row.at),
      metadata: row.metadata ?? {},
    },
  };
}

/** A transfer with what it moves back, and with what was moved back of it. */
export async function readTransfer(
  reads: Snapshot,
  id: string,
): Promise<TransferAnswer | undefined> {
  const [row] = await reads.rows<TransferRow & { reverses: string | null; reversed: bigint }>(
    `select ${TRANSFER_COLUMNS},
            (select r.reverses from reversal r where r.transfer = t.id) as reverses,
            coalesce((select sum(r.amount) from reversal r where r.reverses = t.id), 0)::bigint
              as reversed
       from transfer t ${TRANSFER_ACCOUNTS} where t.id = $1`,
    [id],
  );
  if (row === undefined) return undefined;
  const { reverses, reversed } = row;
  return {
    ...toPlacedTransfer(row).transfer,
    ...(reverses === null ? {} : { reverses }),
    ...(reversed === 0n ? {} : { reversed: toJsonInteger(reversed) }),
  };
}

/** How many numbers of events the first window of a listing covers. */
const WINDOW_MIN = 256;

/**
 * Transfers from event `low` on, below `before`, newest first. The index over `seq` is a range index,
 * which can find a window of numbers and not an order; so windows are read downwards, each larger than
 * the one before.
 */
export async function readTransfers(
  reads: Snapshot,
  low: number,
  before: EntryPlace,
  limit: number,
): Promise<PlacedTransfer[]> {
  const found: PlacedTransfer[] = [];
  let high = before.seq;
  for (let size = Math.max(WINDOW_MIN, limit); high >= low && found.length < limit; size *= 4) {
    const after = Math.max(high - size, low - 1);
    const rows = await reads.rows<TransferRow>(
      `select ${TRANSFER_COLUMNS}
         from (select * from transfer t
                where t.seq > $1 and t.seq <= $2 and (t.seq, t.leg) < ($3, $4)
                order by t.seq desc, t.leg desc limit $5) t ${TRANSFER_ACCOUNTS}
        order by t.seq desc, t.leg desc`,
      [after, high, before.seq, before.leg, limit - found.length],
    );
    found.push(...rows.map(toPlacedTransfer));
    high = after;
  }
  return found;
}

/**
 * The number of the event that posted a transaction, completed an order, or captured a group of
 * promised transfers; a hold of one becomes a transfer, not a transaction, unless it was a share.
 */
export async function readTransactionSeq(reads: Snapshot, id: string): Promise<number | undefined> {
  const [row] = await reads.rows<{ seq: bigint }>(
    `select coalesce(
              (select x.decided_seq from cross_transaction x
                where x.id = t.owner and x.state = 'committed'),
              (select e.seq from hold h join hold_end e on e.hold_seq = h.seq
                where h.id = t.id and e.state = 'captured'
                  and exists (select 1 from hold_leg l where l.hold_seq = h.seq and l.leg = 1)),
              t.seq) as seq
       from transaction t where t.id = $1`,
    [id],
  );
  return row === undefined ? undefined : Number(row.seq);
}
