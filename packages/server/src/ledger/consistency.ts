import type { Consistency } from '@lastro/contract';
import type { Reads } from '../store/reads.ts';

/** A check is a query that returns the public names of what breaks it. */
interface Check {
  readonly id: string;
  readonly title: string;
  readonly offenders: string;
}

const OFFENDERS_MAX = 20;

/** The holds that are pending: those of clients, and what is promised to other banks. */
const PENDING = `select hold_seq from hold_open
  union all select seq from cross_transaction where state = 'prepared'`;

/** Every invariant that one snapshot of one bank can show. I5, I7, I10 and I11 need more than that. */
const CHECKS: readonly Check[] = [
  {
    id: 'I1',
    title: 'Conservation: per asset, debits equal credits, posted and pending',
    offenders: `select asset as offender from account group by asset
      having sum(debits_posted) <> sum(credits_posted)
          or sum(debits_pending) <> sum(credits_pending)`,
  },
  {
    id: 'I1',
    title: 'Every account’s posted sums are those of its transfers',
    offenders: `select a.id as offender from account a
        left join (select from_account as number, sum(amount) as debits
                     from transfer group by from_account) d on d.number = a.number
        left join (select to_account as number, sum(amount) as credits
                     from transfer group by to_account) c on c.number = a.number
       where a.debits_posted <> coalesce(d.debits, 0) or a.credits_posted <> coalesce(c.credits, 0)`,
  },
  {
    id: 'I1',
    title: 'Transfers move one asset between two known accounts',
    offenders: `select t.id::text as offender from transfer t
        left join account f on f.number = t.from_account
        left join account o on o.number = t.to_account
       where f.asset is distinct from o.asset or f.asset is null`,
  },
  {
    id: 'I1',
    title: 'Every account’s pending sums are those of its pending holds',
    offenders: `select a.id as offender from account a
        left join (select l.from_account as number, sum(l.amount) as debits
                     from (${PENDING}) o join hold_leg l on l.hold_seq = o.hold_seq
                    group by l.from_account) d on d.number = a.number
        left join (select l.to_account as number, sum(l.amount) as credits
                     from (${PENDING}) o join hold_leg l on l.hold_seq = o.hold_seq
                    group by l.to_account) c on c.number = a.number
       where a.debits_pending <> coalesce(d.debits, 0) or a.credits_pending <> coalesce(c.credits, 0)`,
  },
  {
    id: 'I1',
    title: 'Every hold is pending or has ended',
    offenders: `select h.id::text as offender from hold h
        left join hold_open o on o.hold_seq = h.seq
        left join hold_end e on e.hold_seq = h.seq
       where (o.hold_seq is null) = (e.hold_seq is null)
          or not exists (select 1 from hold_leg l where l.hold_seq = h.seq)
      union all
      select 'hold of event ' || l.hold_seq from hold_leg l
       where not exists (select 1 from hold h where h.seq = l.hold_seq)
         and not exists (select 1 from transaction t where t.seq = l.hold_seq and t.owner is not null)
       group by l.hold_seq`,
  },
  {
    id: 'I1',
    title: 'Reversals move back at most what was moved, between the same two accounts',
    offenders: `select r.reverses::text as offender from (
          select reverses, sum(amount) as amount from reversal group by reverses) s
        join reversal r on r.reverses = s.reverses
        left join transfer t on t.id = r.reverses
        left join transfer b on b.id = r.transfer
       where (s.amount <= t.amount and b.amount = r.amount
              and b.from_account = t.to_account and b.to_account = t.from_account) is not true`,
  },
  {
    id: 'I2',
    title: 'Limits: nothing above its maximum balance, promised credits counted',
    offenders: `select id as offender from account
       where credits_posted - debits_posted + credits_pending > maximum_balance and not rebuilt`,
  },
  {
    id: 'I2',
    title: 'A closed account is empty',
    offenders: `select id as offender from account
       where status = 'closed' and (credits_posted <> debits_posted
             or debits_pending <> 0 or credits_pending <> 0)`,
  },
  {
    id: 'I2',
    title: 'Limits: nothing below its credit limit',
    offenders: `select id as offender from account
       where credit_limit is not null
         and credits_posted - debits_posted - debits_pending + credit_limit < 0 and not rebuilt`,
  },
  {
    id: 'I3',
    title: 'Goods: received = stock + sold + written off, none below zero',
    offenders: `select p.sku as offender from product p
        left join account r on r.id = 'received:' || p.sku
        left join account s on s.id = 'stock:' || p.sku
        left join account o on o.id = 'sold:' || p.sku
        left join account w on w.id = 'written-off:' || p.sku
       where (r.debits_posted - r.credits_posted
             = (s.credits_posted - s.debits_posted) + (o.credits_posted - o.debits_posted)
               + (w.credits_posted - w.debits_posted)
             and s.debits_pending <= s.credits_posted - s.debits_posted
             and s.credits_posted >= s.debits_posted and o.credits_posted >= o.debits_posted
             and w.credits_posted >= w.debits_posted) is not true`,
  },
  {
    id: 'I4',
    title: 'An order’s total is that of its lines, its money and its goods moved with it',
    offenders: `select o.id::text as offender from orders o
       where o.status = 'completed' and (
         o.total <> (select coalesce(sum(total), -1) from order_line where order_seq = o.seq)
         or o.total <> (select coalesce(sum(t.amount), 0) from transfer t
                          join account f on f.number = t.from_account
                          join account m on m.number = t.to_account
                         where t.transaction = o.id and t.from_account = f.number
                           and t.seq = o.seq and m.id = o.merchant
                           and f.id = case when position('/' in o.customer) = 0 then o.customer
                                           else 'peer:' || split_part(o.customer, '/', 1) || ':'
                                                || split_part(o.asset, '/', 1) end)
         or exists (select 1 from order_line l where l.order_seq = o.seq
                      and l.quantity is distinct from (
                        select sum(t.amount) from transfer t
                          join account s on s.number = t.from_account
                         where t.seq = o.seq and s.id = 'stock:' || l.sku)))`,
  },
  {
    id: 'I4',
    title: 'What sold: says is what completed orders sold',
    offenders: `select p.sku as offender from product p
        join account s on s.id = 'sold:' || p.sku
       where s.credits_posted <> (select coalesce(sum(l.quantity), 0) from order_line l
                                    where l.sku = p.sku and l.total is not null)`,
  },
  {
    id: 'I4',
    title: 'A cancelled order went back whole, once: all its money and all its goods',
    offenders: `select c.order_id::text as offender from order_cancellation c
        left join orders o on o.id = c.order_id and o.status = 'completed'
       where o.id is null
          or o.total <> (select coalesce(sum(t.amount), 0) from transfer t
                           join account m on m.number = t.from_account
                           join account f on f.number = t.to_account
                          where t.seq = c.seq and t.transaction = c.id
                            and m.id = o.merchant and f.id = o.customer)
          or exists (select 1 from order_line l where l.order_seq = o.seq
                       and l.quantity is distinct from (
                         select sum(t.amount) from transfer t
                           join account s on s.number = t.from_account
                          where t.seq = c.seq and s.id = 'sold:' || l.sku))`,
  },
  {
    id: 'I7',
    title: 'What is promised to other banks is held, until it is decided and not again',
    offenders: `select x.id as offender from cross_transaction x
        join transaction t on t.owner = x.id
       where x.rebuilt <> (t.seq = x.decided_seq) and x.state = 'committed'
          or not x.rebuilt and (t.seq <> x.seq
             or not exists (select 1 from hold_leg l where l.hold_seq = x.seq))
          or exists (select 1 from hold h where h.id = t.id)
      union all
      select t.owner from transaction t
       where t.owner is not null
         and not exists (select 1 from cross_transaction x where x.id = t.owner)`,
  },
  {
    id: 'I6',
    title: 'Every event but the bank’s own is the outcome of one command',
    offenders: `select 'outcomes: ' || o.count || ', events: ' || h.seq - b.own as offender
        from head h,
             (select count(seq), count(distinct seq) as seqs from outcome) o,
             (select (select count(*) from hold_end where state = 'expired')
                + (select coalesce(sum(regexp_count(convert_from(body, 'UTF8'),
                     '^[{]"seq":[0-9]+,"type":"(lease[.]passed|crossbank[.][a-z]+)","data"', 1, 'n')), 0)
                     from block where position('"type":"lease.passed"'::bytea in body) > 0
                                   or position('"type":"crossbank.'::bytea in body) > 0) as own) b
       where o.count <> h.seq - b.own or o.seqs <> o.count`,
  },
  {
    id: 'I8',
    title: 'The journal is gapless and chained, and head is its last block',
    offenders: `select 'block ' || block as offender from (
        select block, first_seq, last_seq, previous,
               lag(hash) over (order by block) as before,
               lag(last_seq) over (order by block) as before_seq,
               lag(block) over (order by block) as before_block
          from block) b
       where (block > 0 and (before_block is distinct from block - 1 or previous is distinct from before
              or first_seq is distinct from before_seq + 1))
          or (before_block is null and (block <> 0 or first_seq <> 0))
      union all
      select 'head' from head h
       where not exists (select 1 from block b where b.block = h.block and b.hash = h.hash
                           and b.last_seq = h.seq and b.at = h.at)
          or exists (select 1 from block b where b.block > h.block)`,
  },
  {
    id: 'I8',
    title: 'Every block’s bytes have its hash',
    offenders: `select 'block ' || block as offender from block where sha256(body) <> hash`,
  },
  {
    id: 'I9',
    title: 'Statements: each balance after is the one before plus the entry',
    offenders: `select distinct a.id as offender from (
        select number, amount, balance,
               lag(balance, 1, 0) over (partition by number order by seq, leg) as before
          from (select from_account as number, seq, leg, -amount as amount, from_balance as balance
                  from transfer
                union all
                select to_account, seq, leg, amount, to_balance from transfer) e) s
        join account a on a.number = s.number
       where s.before + s.amount <> s.balance`,
  },
];

/** Runs every check in one snapshot and says at which block and event it was taken. */
export async function checkConsistency(reads: Reads): Promise<Consistency> {
  return reads.inSnapshot(async (snapshot) => {
    const [head] = await snapshot.rows<{ block: bigint; seq: bigint }>(
      'select block, seq from head',
    );
    const invariants: Consistency['invariants'] = [];
    for (const { id, title, offenders } of CHECKS) {
      const rows = await snapshot.rows<{ offender: string }>(
        `select offender from (${offenders}) found limit ${OFFENDERS_MAX}`,
      );
      invariants.push({
        id,
        title,
        ok: rows.length === 0,
        offenders: rows.map(({ offender }) => offender),
      });
    }
    const ok = invariants.every((invariant) => invariant.ok);
    return { block: Number(head?.block ?? 0n), seq: Number(head?.seq ?? 0n), ok, invariants };
  });
}
