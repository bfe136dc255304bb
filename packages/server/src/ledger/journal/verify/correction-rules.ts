import type pg from 'pg';
import type { DifferenceTable } from './difference.ts';
import type { JournalVerifier } from './journal-verifier.ts';
import { AS_TEXT } from './row-cursor.ts';

/** A rule, and a query for the numbers of the events that break it. */
interface CorrectionRule {
  readonly rule: string;
  readonly events: string;
}

/** `r`: what was moved back, by the transfer `b`, of the transfer `t`. */
const REVERSED = `reversal r left join transfer t on t.id = r.reverses
                             left join transfer b on b.id = r.transfer`;

const SHOULD_GO_BACK = `select c.seq, t.to_account, t.from_account, t.amount
  from order_cancellation c join transfer t on t.transaction = c.order_id`;
const WENT_BACK = `select c.seq, t.from_account, t.to_account, t.amount
  from order_cancellation c join transfer t on t.transaction = c.id`;

const RULES: readonly CorrectionRule[] = [
  {
    rule: 'a reversal moves money back between the two accounts of an earlier transfer',
    events: `select r.seq from ${REVERSED}
      where (t.seq < r.seq and b.seq = r.seq and b.amount = r.amount
             and b.from_account = t.to_account and b.to_account = t.from_account) is not true`,
  },
  {
    rule: 'all reversals of a transfer move back at most what it moved',
    events: `select r.seq from (
        select seq, reverses,
               sum(amount) over (partition by reverses order by seq, leg) as amount
          from reversal) r
        join transfer t on t.id = r.reverses where r.amount > t.amount`,
  },
  {
    rule: 'what is part of a transaction is reversed with all of it, in full',
    events: `select r.seq from ${REVERSED}
        where (b.transaction is null) <> (t.transaction is null)
           or (b.transaction is not null and b.amount <> t.amount)
      union all
      select g.seq from (
        select r.seq, min(t.transaction::text)::uuid as one, max(t.transaction::text)::uuid as other,
               count(distinct r.reverses) as parts
          from ${REVERSED} where b.transaction is not null group by r.seq) g
        left join (select transaction, count(*) as parts from transfer
                    where transaction in (select t.transaction from reversal r
                                            join transfer t on t.id = r.reverses)
                    group by transaction) w on w.transaction = g.one
       where g.one is distinct from g.other or g.parts is distinct from w.parts`,
  },
  {
    rule: 'what belongs to an order goes back by its cancellation alone',
    events: `select r.seq from ${REVERSED}
      where t.transaction in (select id from orders)
         or t.transaction in (select id from order_cancellation)`,
  },
  {
    rule: 'a cancellation takes back a completed order, whole',
    events: `select c.seq from order_cancellation c
        where not exists (select 1 from orders o where o.id = c.order_id
                            and o.status = 'completed' and o.seq < c.seq)
      union all
      select seq from (${SHOULD_GO_BACK} except all ${WENT_BACK}) missing
      union all
      select seq from (${WENT_BACK} except all ${SHOULD_GO_BACK}) more`,
  },
];

/** The tables that the rules are judged on. */
const JUDGED_ON: readonly DifferenceTable[] = [
  'transfer',
  'reversal',
  'orders',
  'order_cancellation',
];

/**
 * Holds what was corrected against what it corrects. The fold forgets what was posted, so this is
 * asked of the tables, once they have been found to be what the journal gives: then a breach is the
 * journal's own. Sorts and joins that PostgreSQL keeps on its disk where they are large.
 */
export async function judgeCorrections(
  client: pg.Client,
  { differences }: JournalVerifier,
): Promise<void> {
  const { byTable } = differences;
  if (JUDGED_ON.some((table) => byTable[table] !== undefined)) return;
  for (const { rule, events } of RULES) {
    const { rows } = await client.query<{ block: string; seq: string }>({
      text: `select distinct on (b.block) b.block, e.seq
               from (${events}) e join block b on e.seq between b.first_seq and b.last_seq
              order by b.block, e.seq`,
      types: AS_TEXT,
    });
    for (const { block, seq } of rows) {
      differences.add({
        kind: 'broken',
        table: 'block',
        block: Number(block),
        seq: Number(seq),
        row: `block ${block}`,
        column: 'body',
        expected: rule,
        found: null,
      });
    }
  }
}
