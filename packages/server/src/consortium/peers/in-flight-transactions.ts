import { consortium, type CrossBankRecord } from '@lastro/core';
import { readUnfinishedCrossTransactions } from '../../store/consortium-reads.ts';
import type { Snapshot } from '../../store/reads.ts';

const IN_FLIGHT_MAX = 1_000;
const PAGE_LIMIT = 1_000;

/**
 * Transactions with the peer that are not finished here: undecided, or decided and not acknowledged by
 * all. In the order of their ids, at most 1000.
 */
export async function readInFlight(reads: Snapshot, bank: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page: readonly CrossBankRecord[] = await readUnfinishedCrossTransactions(
      reads,
      after,
      PAGE_LIMIT,
    );
    found.push(...page.filter((record) => concerns(record, bank)).map(({ id }) => id));
    after = page.length < PAGE_LIMIT ? null : (page.at(-1)?.id ?? null);
  } while (after !== null && found.length < IN_FLIGHT_MAX);
  return found.slice(0, IN_FLIGHT_MAX);
}

function concerns({ id, durable }: CrossBankRecord, bank: string): boolean {
  const body = durable.is === 'aborted' ? durable.subject?.body : durable.body;
  return body === undefined
    ? consortium.coordinatorOf(id) === bank
    : consortium.participantsOf(body).includes(bank);
}
