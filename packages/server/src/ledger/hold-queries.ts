import type { HoldAnswer } from '@lastro/contract';
import type { HoldEndState, HoldState, Metadata } from '@lastro/core';
import { toJsonInteger, toTimestamp } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';

/** One leg of a hold with its hold, and the transfer that it became. */
interface LegRow {
  id: string;
  seq: bigint;
  at: number;
  /** Null: it belongs to a cross-bank transaction, whose decision alone ends it. */
  expires_at: number | null;
  end_state: HoldEndState | null;
  end_seq: bigint | null;
  end_at: number | null;
  from: string;
  to: string;
  amount: bigint;
  asset: string;
  metadata: Metadata | null;
  transfer: string | null;
  captured: bigint | null;
}

/** A captured transfer is found by its account's history: a number alone finds only a region. */
const LEGS = `select h.id, h.seq, h.at, h.expires_at, h.end_state, h.end_seq, h.end_at,
       f.id as "from", t.id as "to", l.amount, f.asset, l.metadata,
       c.id as transfer, c.amount as captured
  from every_hold h
  join hold_leg l on l.hold_seq = h.seq
  join account f on f.number = l.from_account
  join account t on t.number = l.to_account
  left join lateral (select id, amount from transfer
                      where h.end_state = 'captured' and from_account = l.from_account
                        and seq = h.end_seq and leg = l.leg) c on true`;

export async function readHold(reads: Snapshot, id: string): Promise<HoldAnswer | undefined> {
  const rows = await reads.rows<LegRow>(`${LEGS} where h.id = $1 order by l.leg`, [id]);
  return toAnswers(rows)[0];
}

export interface HoldFilter {
  /** On either side. */
  readonly account: string | undefined;
  readonly state: HoldState | undefined;
}

/** Holds, newest first, placed before the event of number `before`. */
export async function readHolds(
  reads: Snapshot,
  filter: HoldFilter,
  before: number | undefined,
  limit: number,
): Promise<HoldAnswer[]> {
  const place = before ?? Number.MAX_SAFE_INTEGER;
  const { account, state } = filter;
  const parameters = account === undefined ? [place, limit] : [place, limit, account];
  // An array and not a join: it is looked for on both sides of the view.
  const rows = await reads.rows<LegRow>(
    `with page as (${account === undefined ? holdsOf(state) : holdsOfAccount(state)})
     ${LEGS} where h.seq = any(array(select hold_seq from page)) order by h.seq desc, l.leg`,
    parameters,
  );
  return toAnswers(rows);
}

/** What this bank promised of a transaction across banks: the legs stand under the number of its event. */
const SHARE = `from transaction t join cross_transaction x on x.id = t.owner
  where t.owner is not null and not x.rebuilt`;

/** What is promised to other banks and undecided; few, and found by what is unsettled. */
const PROMISED = `select x.seq as hold_seq from cross_transaction x
  where not x.settled and x.state = 'prepared'
    and exists (select 1 from hold_leg l where l.hold_seq = x.seq)`;

/** What was promised and given back, by its index; a tombstone, which has no hash, was no promise. */
const ABORTED = 'x.because is not null and x.hash is not null';

/** The numbers of the newest holds of clients and of those that cross-bank transactions own, by state. */
const NEWEST: { readonly [State in HoldState | 'any']: readonly string[] } = {
  any: ['select seq as hold_seq from hold', `select t.seq as hold_seq ${SHARE}`],
  pending: ['select hold_seq from hold_open', PROMISED],
  captured: [
    `select hold_seq from hold_end where state = 'captured'`,
    `select t.seq as hold_seq ${SHARE} and x.state = 'committed'`,
  ],
  released: [
    `select hold_seq from hold_end where state = 'released'`,
    `select x.seq as hold_seq from cross_transaction x
      where ${ABORTED} and exists (select 1 from hold_leg l where l.hold_seq = x.seq)`,
  ],
  expired: [`select hold_seq from hold_end where state = 'expired'`],
};

/**
 * The numbers of all holds in a state. Each source is read in the order of the list and no farther than
 * the page needs; captured shares along all shares, most of which are.
 */
function holdsOf(state: HoldState | undefined): string {
  return newestOf(
    NEWEST[state ?? 'any'].map(
      (source) => `select hold_seq from (${source}) s where hold_seq < $1`,
    ),
  );
}

/**
 * The numbers of an account's holds: from both sides as many as the page may need. An ended state is
 * looked for along the account's own holds, a pending one along these or along what is pending.
 */
function holdsOfAccount(state: HoldState | undefined): string {
  const inState =
    state === undefined
      ? ''
      : state === 'pending'
        ? `and l.hold_seq in (${NEWEST.pending.join(' union all ')})`
        : // Not `exists`: joined, the ends of the whole bank are read down to the account's oldest.
          `and ${endOf(state)} = '${state}'`;
  return newestOf(
    ['from_account', 'to_account'].map(
      (column) => `select distinct l.hold_seq from hold_leg l
        where l.${column} = (select number from account where id = $3)
          and l.hold_seq < $1 ${inState}`,
    ),
  );
}

/** How the hold of a leg `l` ended, if it may have ended so: looked for where such ends are. */
function endOf(state: HoldEndState): string {
  const ofClient = '(select e.state from hold_end e where e.hold_seq = l.hold_seq)';
  switch (state) {
    case 'expired':
      // A share never does.
      return ofClient;
    case 'released':
      return `coalesce(${ofClient}, (select 'released' from cross_transaction x
        where x.seq = l.hold_seq and ${ABORTED}))`;
    case 'captured':
      return `coalesce(${ofClient}, (select 'captured' ${SHARE}
        and t.seq = l.hold_seq and x.state = 'committed'))`;
  }
}

/** The highest numbers of all sources: of each as many as the page may need. */
function newestOf(sources: readonly string[]): string {
  const newest = sources.map((source) => `(${source} order by hold_seq desc limit $2)`);
  return `select distinct hold_seq from (${newest.join(' union all ')}) s
    order by hold_seq desc limit $2`;
}

/** Rows of one hold follow each other. */
function toAnswers(rows: readonly LegRow[]): HoldAnswer[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((legs) => {
    const [first] = legs;
    return first === undefined ? [] : [toAnswer(first, legs)];
  });
}

function toAnswer(hold: LegRow, legs: readonly LegRow[]): HoldAnswer {
  const { id, end_state: state, end_seq: endedSeq, end_at: endedAt } = hold;
  return {
    id,
    state: state ?? 'pending',
    transfers: legs.map(({ from, to, amount, asset, metadata }) => ({
      from,
      to,
      amount: toJsonInteger(amount),
      asset,
      metadata: metadata ?? {},
    })),
    ...(hold.expires_at === null ? {} : { expiresAt: toTimestamp(hold.expires_at) }),
    seq: Number(hold.seq),
    at: toTimestamp(hold.at),
    ...(endedSeq === null ? {} : { endedSeq: Number(endedSeq) }),
    ...(endedAt === null ? {} : { endedAt: toTimestamp(endedAt) }),
    ...(state === 'captured' ? { captured: legs.flatMap(toCaptured) } : {}),
  };
}

function toCaptured({ transfer, captured }: LegRow): { id: string; amount: number }[] {
  return transfer === null || captured === null
    ? []
    : [{ id: transfer, amount: toJsonInteger(captured) }];
}
