import type { Snapshot } from '../../store/reads.ts';

export interface OrderCounts {
  readonly completed: bigint;
  readonly refused: bigint;
}

interface CountsRow {
  seq: bigint;
  completed: bigint;
  refused: bigint;
}

/** One statement sees one state, and orders appear in the order of `seq`: none slips in below head. */
const COUNTS_AFTER = `
  select head.seq, counted.completed, counted.refused
    from head,
         (select count(*) filter (where status = 'completed') as completed,
                 count(*) filter (where status = 'refused') as refused
            from orders
           where seq > $1 and merchant = $2) counted`;

/**
 * Counts the shop's orders, whoever placed them. What is counted once is remembered with its `seq`,
 * so that only the first count after a start reads every order.
 */
export function createOrderCounter(reads: Snapshot, merchant: string): () => Promise<OrderCounts> {
  let known: CountsRow = { seq: -1n, completed: 0n, refused: 0n };
  return async () => {
    const from = known;
    const [later] = await reads.rows<CountsRow>(COUNTS_AFTER, [from.seq, merchant]);
    if (later === undefined) throw new Error('the bank has no head');
    const counts = {
      seq: later.seq,
      completed: from.completed + later.completed,
      refused: from.refused + later.refused,
    };
    if (counts.seq > known.seq) known = counts;
    return counts;
  };
}
