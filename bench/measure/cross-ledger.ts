import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { numberOf, type CountedLedger } from './counted-ledger.ts';

const QUIET_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 20;

/** What a bank has carried out of payments that came to it: each moved one unit from a peer's account. */
const RECEIVED = `select coalesce(sum(debits_posted), 0) as number from account where id like 'peer:%'`;
const SENT = `select coalesce(sum(credits_posted), 0) as number from account where id like 'peer:%'`;
const UNFINISHED = `select count(*) as number from cross_transaction
  where state in ('prepared', 'in_doubt') or not settled`;

/**
 * Counts cross-bank payments of one unit each in the ledgers of all banks. A payer's bank coordinates
 * and carries out first, so what payees' banks have carried out is carried out by all.
 */
export function crossLedger(clients: readonly pg.Client[]): CountedLedger {
  const total = async (text: string) => {
    const numbers = await Promise.all(clients.map((client) => numberOf(client, text)));
    return numbers.reduce((sum, number) => sum + number, 0);
  };
  const carriedOut = () => total(RECEIVED);
  return {
    isUntouched: false,
    mark: carriedOut,
    carriedOut,
    async countSince(mark) {
      const end = performance.now() + QUIET_TIMEOUT_MS;
      while ((await total(UNFINISHED)) > 0) {
        if (performance.now() > end) throw new Error('the banks did not come to rest');
        await sleep(LOOK_EVERY_MS);
      }
      return (await carriedOut()) - mark;
    },
    async complaints() {
      const [received, sent] = [await total(RECEIVED), await total(SENT)];
      return received === sent ? [] : [`${sent} units were sent, and ${received} received`];
    },
  };
}
