import type pg from 'pg';
import { numberOf, type CountedLedger } from './counted-ledger.ts';

const COUNTS = {
  'bank transfers': 'select count(*) as number from transfer where seq > $1',
  'bank orders': `select count(*) as number from orders where seq > $1 and status = 'completed'`,
} as const;

/** Counts what a bank's ledger holds; a mark is the number of its last event. */
export function bankLedger(client: pg.Client, counted: keyof typeof COUNTS): CountedLedger {
  const readSeq = () => numberOf(client, 'select seq as number from head');
  return {
    isUntouched: false,
    mark: readSeq,
    countSince: (mark) => numberOf(client, COUNTS[counted], [mark]),
    async complaints() {
      const unbalanced = await numberOf(
        client,
        `select count(*) as number from (
           select asset from account group by asset
           having sum(debits_posted) <> sum(credits_posted)) unbalanced`,
      );
      const overdrawn = await numberOf(
        client,
        `select count(*) as number from account
          where credits_posted - debits_posted - debits_pending + credit_limit < 0`,
      );
      const isHeadLast = await numberOf(
        client,
        `select count(*) as number from head h join block b
             on b.block = h.block and b.hash = h.hash and b.last_seq = h.seq`,
      );
      return [
        ...(unbalanced === 0 ? [] : [`${unbalanced} assets whose debits are not their credits`]),
        ...(overdrawn === 0 ? [] : [`${overdrawn} accounts below their limit`]),
        ...(isHeadLast === 1 ? [] : ['head is not the last block']),
      ];
    },
  };
}

/** Where nothing may happen: no event at all comes after the mark. */
export function untouchedLedger(client: pg.Client): CountedLedger {
  return {
    isUntouched: true,
    mark: () => numberOf(client, 'select seq as number from head'),
    countSince: (mark) => numberOf(client, 'select seq - $1::bigint as number from head', [mark]),
    complaints: () => Promise.resolve([]),
  };
}
