import type { Reads, Snapshot } from '../../store/reads.ts';
import { readBooks, type AssetSums, type Books } from '../trial-balance.ts';
import { readLastOpenedAt } from './opened-accounts.ts';
import { readNow, readStandingAt, type Standing } from './standing.ts';

/** How many numbers of events one statement covers. */
const SLICE = 100_000;

/** How many accounts one statement counts. */
const ACCOUNTS_SLICE = 500_000;

const NOTHING: AssetSums = {
  debits: 0n,
  credits: 0n,
  pendingDebits: 0n,
  pendingCredits: 0n,
  accounts: 0n,
};

/** What the events in ($1, $2] added to the sums of each asset; what a hold reserved goes with its end. */
const MOVED = `
  with posted as (
    select from_account, to_account, amount from transfer where seq > $1 and seq <= $2),
  pending as (
    select from_account, to_account, amount
      from hold_leg where hold_seq > $1 and hold_seq <= $2
    union all
    select l.from_account, l.to_account, -l.amount
      from hold_end e join hold_leg l on l.hold_seq = e.hold_seq where e.seq > $1 and e.seq <= $2
    union all
    select l.from_account, l.to_account, -l.amount
      from cross_transaction x join hold_leg l on l.hold_seq = x.seq
     where x.decided_seq > $1 and x.decided_seq <= $2 and x.decided_seq <> x.seq and not x.rebuilt),
  moved as (
    select from_account as number, sum(amount) as debits, 0 as credits,
           0 as pending_debits, 0 as pending_credits from posted group by 1
    union all select to_account, 0, sum(amount), 0, 0 from posted group by 1
    union all select from_account, 0, 0, sum(amount), 0 from pending group by 1
    union all select to_account, 0, 0, 0, sum(amount) from pending group by 1)
  select a.asset, sum(m.debits)::numeric as debits, sum(m.credits)::numeric as credits,
         sum(m.pending_debits)::numeric as pending_debits,
         sum(m.pending_credits)::numeric as pending_credits
    from moved m join account a on a.number = m.number group by a.asset`;

interface MovedRow {
  asset: string;
  debits: bigint;
  credits: bigint;
  pending_debits: bigint;
  pending_credits: bigint;
}

const OPENED = `select asset, count(*) as accounts from account
  where number > $1 and number <= $2 group by asset`;

/**
 * The books as event `seq` left them, equal to what the live ones said then. Either what was moved
 * up to it is added up, or what was moved since is taken off the live books, whichever is less to
 * read. What was posted stays, so slices of it are one picture without one long snapshot. Throws
 * `seq_not_reached`.
 */
export async function readBooksAt(reads: Reads, seq: number): Promise<Books> {
  const standing = await readStandingAt(reads, seq);
  const opened = await readLastOpenedAt(reads, standing);
  const newest = (await readNow(reads)).seq;
  const assets =
    newest - seq < seq
      ? await withoutLater(reads, standing, opened)
      : await upTo(reads, standing, opened);
  return { block: standing.block, seq, assets };
}

async function upTo(
  reads: Snapshot,
  { seq }: Standing,
  opened: number,
): Promise<Map<string, AssetSums>> {
  const sums = new Map<string, AssetSums>();
  await addOpened(reads, sums, 0, opened, 1n);
  await addMoved(reads, sums, -1, seq, 1n);
  return sums;
}

async function withoutLater(
  reads: Reads,
  { seq }: Standing,
  opened: number,
): Promise<Map<string, AssetSums>> {
  const live = await readBooks(reads);
  const sums = new Map(live.assets);
  await addMoved(reads, sums, seq, live.seq, -1n);
  await addOpened(reads, sums, opened, live.lastAccount, -1n);
  return new Map([...sums].filter(([, { accounts }]) => accounts > 0n));
}

async function addMoved(
  reads: Snapshot,
  sums: Map<string, AssetSums>,
  after: number,
  until: number,
  sign: 1n | -1n,
): Promise<void> {
  for (let low = after; low < until; low += SLICE) {
    const high = Math.min(until, low + SLICE);
    for (const row of await reads.rows<MovedRow>(MOVED, [low, high])) {
      const before = sums.get(row.asset) ?? NOTHING;
      sums.set(row.asset, {
        ...before,
        debits: before.debits + sign * row.debits,
        credits: before.credits + sign * row.credits,
        pendingDebits: before.pendingDebits + sign * row.pending_debits,
        pendingCredits: before.pendingCredits + sign * row.pending_credits,
      });
    }
  }
}

async function addOpened(
  reads: Snapshot,
  sums: Map<string, AssetSums>,
  after: number,
  until: number,
  sign: 1n | -1n,
): Promise<void> {
  for (let low = after; low < until; low += ACCOUNTS_SLICE) {
    const high = Math.min(until, low + ACCOUNTS_SLICE);
    const rows = await reads.rows<{ asset: string; accounts: bigint }>(OPENED, [low, high]);
    for (const { asset, accounts } of rows) {
      const before = sums.get(asset) ?? NOTHING;
      sums.set(asset, { ...before, accounts: before.accounts + sign * accounts });
    }
  }
}
