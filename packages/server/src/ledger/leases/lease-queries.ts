import type { LeaseEntry } from '@lastro/contract';
import { toTimestamp } from '../../http/wire.ts';
import type { Snapshot } from '../../store/reads.ts';

/** How an open ticket stands. */
export interface StandingTicket {
  readonly ticket: number;
  /** null: it waits. */
  readonly token: number | null;
  /** Milliseconds since 1970; null: it waits. */
  readonly expiresAt: number | null;
  /** When the lease of whoever holds the account runs out; null: nobody holds it. */
  readonly heldUntil: number | null;
}

interface TicketRow {
  ticket: bigint;
  token: bigint | null;
  expires_at: number | null;
  held_until: number | null;
}

/** The tickets of these that are open still, however many accounts they wait for: one index read each. */
export async function readTickets(
  reads: Snapshot,
  tickets: readonly number[],
): Promise<readonly StandingTicket[]> {
  const rows = await reads.rows<TicketRow>(
    `select l.ticket, l.token, l.expires_at, h.expires_at as held_until
       from lease l left join lease h on h.account = l.account and h.token is not null
      where l.ticket = any($1::bigint[])`,
    [tickets.map(String)],
  );
  return rows.map((row) => ({
    ticket: Number(row.ticket),
    token: row.token === null ? null : Number(row.token),
    expiresAt: row.expires_at,
    heldUntil: row.held_until,
  }));
}

interface EntryRow {
  id: string | null;
  owner: string;
  ttl: number;
  ticket: bigint;
  wait_until: number;
  expires_at: number | null;
}

/**
 * An account's leases that are held or waited for at `at`, milliseconds since 1970, in the order of
 * service; undefined when there is no such account.
 */
export async function readLeases(
  reads: Snapshot,
  account: string,
  at: number,
): Promise<readonly LeaseEntry[] | undefined> {
  const rows = await reads.rows<EntryRow>(
    `select l.id, l.owner, l.ttl, l.ticket, l.wait_until, l.expires_at
       from account a left join lease l on l.account = a.number
      where a.id = $1
      order by l.token is null, l.ticket`,
    [account],
  );
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ id, ...row }) =>
    id === null || (row.expires_at ?? row.wait_until) <= at ? [] : [entryOf(id, row)],
  );
}

function entryOf(id: string, row: Omit<EntryRow, 'id'>): LeaseEntry {
  const { owner, ttl, expires_at: expiresAt } = row;
  return {
    id,
    owner,
    state: expiresAt === null ? 'waiting' : 'held',
    ticket: Number(row.ticket),
    ttl,
    expiresAt: expiresAt === null ? null : toTimestamp(expiresAt),
    waitUntil: toTimestamp(row.wait_until),
  };
}
