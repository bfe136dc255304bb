import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { searchAccounts } from '../../packages/server/src/ledger/search/account-search.ts';
import { searchTransfers } from '../../packages/server/src/ledger/search/transfer-search.ts';
import { readBalanceAt } from '../../packages/server/src/ledger/history/account-balance.ts';
import { readStandingBy } from '../../packages/server/src/ledger/history/standing.ts';
import type { Parameter, Snapshot } from '../../packages/server/src/store/reads.ts';
import { createValueTypes } from '../../packages/server/src/store/value-types.ts';
import { startBankInProcess } from '../harness/bank-in-process.ts';

/** Rows of a bank that is large enough for the planner to mind what a scan costs. */
const TRANSFERS = 200_000;
const ACCOUNTS = 20_000;
/** Well below the 3 600 pages of the table of transfers. */
const PAGES_MAX = 2_000;
const START = Date.UTC(2026, 0, 1);

let pool: pg.Pool;

/** What one statement did: the plan that ran, and how many pages of tables and indexes it touched. */
interface Ran {
  readonly plan: string;
  readonly pages: number;
}

beforeAll(async () => {
  const bank = await startBankInProcess();
  pool = new pg.Pool({ connectionString: bank.databaseUrl, types: createValueTypes(), max: 4 });
  await fill();
  return async () => {
    await pool.end();
    await bank.stop();
  };
}, 120_000);

/** One block a second of a hundred transfers; half of them have metadata, one kind of which ended early. */
async function fill(): Promise<void> {
  const time = `to_timestamp(${START / 1_000})`;
  await pool.query(`
    insert into account (number, id, asset, debits_posted, credits_posted, debits_pending,
                         credits_pending, status, version, created_at, metadata)
    select g, 'acc-' || g, case when g % 1000 = 0 then 'RARE/0' else 'BRL/2' end, 0, 0, 0, 0, 'open', 1,
           ${time} + g * interval '1 second',
           case when g % 2 = 0 then jsonb_build_object('all', 'same', 'own', g::text) end
      from generate_series(1, ${ACCOUNTS}) g;
    insert into transfer (id, seq, leg, from_account, to_account, amount, from_balance, to_balance, at,
                          metadata)
    select gen_random_uuid(), g, 0, case when g % 2 = 0 then 1 else 3 + g % 9000 end,
           case when g % 2 = 0 then 10000 + g % 9000 else 2 end,
           1 + g * 7919 % 5000,
           0, 0, ${time} + (g / 100) * interval '1 second',
           case when g % 2 = 0 then jsonb_build_object(
             'all', 'same', 'own', g::text, 'age', case when g < 40000 then 'old' else 'new' end) end
      from generate_series(1, ${TRANSFERS}) g;
    insert into block (block, id, first_seq, last_seq, previous, hash, at, body)
    select b, gen_random_uuid(), case when b = 1 then 1 else b * 100 end, b * 100 + 99,
           sha256('a'), sha256('b'), ${time} + b * interval '1 second', ''
      from generate_series(1, ${TRANSFERS / 100}) b;
    update head set seq = ${TRANSFERS}, accounts = ${ACCOUNTS}, block = ${TRANSFERS / 100};`);
  await pool.query('vacuum analyze');
}

/** Reads as the bank does, and keeps what each statement did. */
function explaining(): { readonly reads: Snapshot; readonly ran: Ran[] } {
  const ran: Ran[] = [];
  const reads: Snapshot = {
    async rows<Row extends object>(text: string, values: readonly Parameter[] = []) {
      const { rows: lines } = await pool.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, buffers, costs off, timing off, summary off) ${text}`,
        [...values],
      );
      const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
      const execution = plan.split('\nPlanning:')[0] ?? '';
      const touched = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(execution);
      ran.push({ plan, pages: Number(touched?.[1] ?? 0) + Number(touched?.[2] ?? 0) });
      return (await pool.query<Row>(text, [...values])).rows;
    },
  };
  return { reads, ran };
}

function expectIndexed(ran: readonly Ran[], pagesMax: number): void {
  expect(ran.length).toBeGreaterThan(0);
  const scans = ran.filter(({ plan }) => /Seq Scan on (?:transfer|account|block)\b/.test(plan));
  expect(scans.map(({ plan }) => plan)).toEqual([]);
  const pages = ran.reduce((sum, one) => sum + one.pages, 0);
  expect(pages, ran.map(({ plan }) => plan).join('\n\n')).toBeLessThan(pagesMax);
}

const ANY = { account: null, amounts: null, metadata: null };
const OPEN = { from: null, to: null };
const own = (seq: number) => JSON.stringify({ own: String(seq) });

describe('a page of transfers is read by index, in bounded reads', () => {
  it.each([
    ['everything', ANY, 50],
    ['metadata that nothing has', { ...ANY, metadata: '{"none":"x"}' }, 0],
    ['metadata that all have', { ...ANY, metadata: '{"all":"same"}' }, 50],
    ['metadata that only the oldest have', { ...ANY, metadata: '{"age":"old"}' }, 50],
    ['metadata that one has, long ago', { ...ANY, metadata: own(1_000) }, 1],
    ['two pairs', { ...ANY, metadata: '{"all":"same","own":"1000"}' }, 1],
    ['an amount that nothing has', { ...ANY, amounts: { low: 6_000, high: 7_000 } }, 0],
    ['every amount', { ...ANY, amounts: { low: 0, high: Number.MAX_SAFE_INTEGER } }, 50],
    ['one amount', { ...ANY, amounts: { low: 77, high: 77 } }, 13],
    ['metadata and amount', { ...ANY, metadata: own(1_000), amounts: { low: 1, high: 2 } }, 0],
    ['a busy account', { ...ANY, account: 'acc-2' }, 50],
    ['a busy account, nothing', { ...ANY, account: 'acc-2', metadata: '{"none":"x"}' }, 0],
    ['a busy account, amounts', { ...ANY, account: 'acc-2', amounts: { low: 1, high: 50 } }, 41],
    ['a quiet account', { ...ANY, account: 'acc-10' }, 23],
    ['no account', { ...ANY, account: 'nobody' }, 0],
  ])('%s', async (_, filter, found) => {
    const { reads, ran } = explaining();
    const page = await searchTransfers(reads, filter, OPEN, undefined, 50);
    expect(page.found).toHaveLength(found);
    expectIndexed(ran, PAGES_MAX);
  });

  it('of a period', async () => {
    const period = { from: START + 1_000_000, to: START + 1_001_000 };
    for (const filter of [ANY, { ...ANY, metadata: '{"none":"x"}' }]) {
      const { reads, ran } = explaining();
      const page = await searchTransfers(reads, filter, period, undefined, 50);
      expect(page.found).toHaveLength(filter === ANY ? 50 : 0);
      expectIndexed(ran, PAGES_MAX);
    }
  });
});

describe('a page of accounts is read by index, in bounded reads', () => {
  const any = { asset: null, metadata: null };
  it.each([
    ['everything', any, OPEN, 50],
    ['a rare asset', { ...any, asset: 'RARE/0' }, OPEN, 20],
    ['no asset', { ...any, asset: 'NONE/0' }, OPEN, 0],
    ['metadata that nothing has', { ...any, metadata: '{"none":"x"}' }, OPEN, 0],
    ['metadata that half of them have', { ...any, metadata: '{"all":"same"}' }, OPEN, 50],
    ['metadata that one has', { ...any, metadata: own(100) }, OPEN, 1],
    ['a period', any, { from: START + 5_000_000, to: START + 5_010_000 }, 10],
  ])('%s', async (_, filter, period, found) => {
    const { reads, ran } = explaining();
    const page = await searchAccounts(reads, filter, period, undefined, 50);
    expect(page.found).toHaveLength(found);
    expectIndexed(ran, PAGES_MAX);
  });
});

it('a balance as of a moment is a few reads', async () => {
  const { reads, ran } = explaining();
  const standing = await readStandingBy(reads, START + 500_000);
  expect(standing).toEqual({ seq: 50_099, block: 500, at: START + 500_000 });
  if (standing === undefined) return;
  expect(await readBalanceAt(reads, 'acc-1', standing)).toMatchObject({ balance: 0, seq: 50_099 });
  expectIndexed(ran, 30);
});
