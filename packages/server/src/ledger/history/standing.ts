import { ProblemError } from '../../http/problem.ts';
import type { Snapshot } from '../../store/reads.ts';

/** A place in the bank's order: its newest event at some time. What stood there never changes. */
export interface Standing {
  readonly seq: number;
  readonly block: number;
  /** Booking time of `seq`: its block's, in milliseconds since 1970. */
  readonly at: number;
}

interface StandingRow {
  seq: bigint;
  block: bigint;
  at: number;
}

/** The newest event. */
export async function readNow(reads: Snapshot): Promise<Standing> {
  const [row] = await reads.rows<StandingRow>('select seq, block, at from head');
  if (row === undefined) throw new Error('the head row is missing');
  return toStanding(row);
}

/** The event of a number. Throws `seq_not_reached` beyond the newest. */
export async function readStandingAt(reads: Snapshot, seq: number): Promise<Standing> {
  const [row] = await reads.rows<StandingRow & { newest: bigint }>(
    `select $1::bigint as seq, b.block, b.at, h.seq as newest
       from head h,
            lateral (select block, at from block where first_seq <= $1
                      order by first_seq desc limit 1) b`,
    [seq],
  );
  if (row === undefined) throw new Error('the journal is empty');
  if (BigInt(seq) > row.newest) {
    throw new ProblemError('seq_not_reached', {
      detail: `the newest event is ${row.newest}`,
      errors: [{ pointer: '#querystring/atSeq', detail: `is beyond ${row.newest}` }],
    });
  }
  return toStanding(row);
}

/** The newest event that was booked by a moment; undefined before the bank's opening. */
export async function readStandingBy(reads: Snapshot, at: number): Promise<Standing | undefined> {
  const [row] = await reads.rows<StandingRow>(
    `select last_seq as seq, block, at from block
      where at <= to_timestamp($1::bigint / 1000.0) order by at desc, block desc limit 1`,
    [at],
  );
  return row === undefined ? undefined : toStanding(row);
}

function toStanding({ seq, block, at }: StandingRow): Standing {
  return { seq: Number(seq), block: Number(block), at };
}
