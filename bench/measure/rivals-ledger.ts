import type pg from 'pg';
import { CREDIT_LIMIT } from '../generator/traffic.ts';
import { readSql } from '../servers/rival.ts';
import { numberOf, type CountedLedger } from './counted-ledger.ts';

/** Counts what the baselines wrote; a mark is the highest number of a transfer. */
export function rivalsLedger(client: pg.Client): CountedLedger {
  return {
    isUntouched: false,
    mark: () => numberOf(client, 'select coalesce(max(seq), 0) as number from transfer'),
    countSince: (mark) =>
      numberOf(client, 'select count(*) as number from transfer where seq > $1', [mark]),
    async complaints() {
      const wrong = await numberOf(
        client,
        'select sum(balance) - count(*) * $1::bigint as number from account',
        [CREDIT_LIMIT],
      );
      return wrong === 0 ? [] : [`the baselines' balances are off by ${wrong}`];
    },
  };
}

/** Every balance against its transfers: slower, once at the end. */
export async function complaintsOfRivals(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ wrong: string }>(readSql('rivals-books'), [CREDIT_LIMIT]);
  const wrong = Number(rows[0]?.wrong);
  return wrong === 0 ? [] : [`${wrong} accounts of the baselines are not what their transfers say`];
}
