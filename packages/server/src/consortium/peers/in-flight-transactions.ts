import type { Snapshot } from '../../store/reads.ts';

const IN_FLIGHT_MAX = 1_000;

/** Transactions with the peer that are not decided here, the oldest first, at most 1000. */
export async function readInFlight(reads: Snapshot, bank: string): Promise<string[]> {
  const rows = await reads.rows<{ id: string }>(
    `select id from cross_transaction
      where state in ('prepared', 'in_doubt') and $1 = any(banks) order by seq limit ${IN_FLIGHT_MAX}`,
    [bank],
  );
  return rows.map(({ id }) => id);
}
