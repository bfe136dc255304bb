import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { TestBank } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { openAccounts } from '../harness/seeding.ts';

const BATCH_SIZE = 500;
const BATCHES_IN_FLIGHT = 2;
const ACCOUNTS = 60;
const FUNDS = 10_000_000;
const PROGRESS_TIMEOUT_MS = 60_000;

/** Batches of 500 transfers, one after the other without a pause. */
export interface BulkLane {
  /** Ids of the transfers that were answered as posted. */
  readonly posted: readonly string[];
  readonly accounts: readonly string[];
  /** Waits until so many more batches were answered. */
  more(batches: number): Promise<void>;
  /** Waits for what is on its way; rejects if any transfer was not posted. */
  end(): Promise<void>;
}

interface BatchAnswer {
  readonly results: readonly { readonly id: string; readonly status?: string }[];
}

export async function startBulkLane(bank: Pick<TestBank, 'call'>): Promise<BulkLane> {
  const accounts = await openAccounts(bank, 'bulk', ACCOUNTS, FUNDS);
  const posted: string[] = [];
  let next = 0;
  const transfer = () => {
    next += 1;
    const [from, to] = [accounts[next % ACCOUNTS], accounts[(next * 7 + 1) % ACCOUNTS]];
    return {
      id: randomUUID(),
      from,
      to: from === to ? accounts[(next + 1) % ACCOUNTS] : to,
      amount: 1,
    };
  };
  const ending = new AbortController();
  const sender = async () => {
    while (!ending.signal.aborted) {
      const transfers = Array.from({ length: BATCH_SIZE }, transfer);
      const { status, text, body } = await bank.call<BatchAnswer>('POST', '/v1/transfers/batch', {
        transfers,
      });
      expect(status, text).toBe(200);
      expect(body.results.filter((result) => result.status !== 'posted')).toEqual([]);
      posted.push(...body.results.map(({ id }) => id));
    }
  };
  const senders = Promise.all(Array.from({ length: BATCHES_IN_FLIGHT }, sender));
  let hasFailed = false;
  senders.catch(() => (hasFailed = true));
  return {
    posted,
    accounts,
    async more(batches) {
      const wanted = posted.length + batches * BATCH_SIZE;
      await eventually(
        `${batches} more batches are posted`,
        () => posted.length >= wanted || hasFailed,
        PROGRESS_TIMEOUT_MS,
      );
      if (hasFailed) await senders;
    },
    async end() {
      ending.abort();
      await senders;
    },
  };
}
