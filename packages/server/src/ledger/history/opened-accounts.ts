import { decodeBlock, goodsAccounts, type Event } from '@lastro/core';
import type { Snapshot } from '../../store/reads.ts';
import type { Standing } from './standing.ts';

/**
 * Accounts are numbered in the order of their opening, and times of opening never go back. So what
 * stood at some time are the numbers up to one, which is found by halving.
 */
const LAST_OPENED = `
  with recursive halving (low, high) as (
    select 0::bigint, coalesce(max(number), 0) from account
    union all
    select case when middle.is_open then middle.number else low end,
           case when middle.is_open then high else (low + high + 1) / 2 - 1 end
      from halving, lateral (
        select number, created_at <= to_timestamp($1::bigint / 1000.0) as is_open
          from account where number >= (low + high + 1) / 2 order by number limit 1) middle
     where low < high
  )
  select low as number from halving where low >= high`;

/** The number of the last account opened by a moment (milliseconds since 1970); 0: none. */
export async function readLastOpenedBy(reads: Snapshot, at: number): Promise<number> {
  const [row] = await reads.rows<{ number: bigint }>(LAST_OPENED, [at]);
  return Number(row?.number ?? 0n);
}

/** The number of the last account opened at or before an event; 0: none. */
export async function readLastOpenedAt(reads: Snapshot, standing: Standing): Promise<number> {
  const next = await readNextOpened(reads, standing);
  if (next === undefined) return readLastOpenedBy(reads, standing.at);
  // The first account of an asset is opened together with the one before it, `cash:`.
  const [row] = await reads.rows<{ number: bigint }>(
    `select a.number - count(c.number) - 1 as number
       from account a
       left join account c on c.number = a.number - 1 and c.asset = a.asset
                          and c.id = 'cash:' || split_part(a.asset, '/', 1)
      where a.id = $1 group by a.number`,
    [next],
  );
  if (row === undefined) throw new Error(`account ${next} was opened and is not there`);
  return Number(row.number);
}

/** The first account opened after an event within the same moment, of which there may be more blocks. */
async function readNextOpened(reads: Snapshot, standing: Standing): Promise<string | undefined> {
  for (let number = standing.block; ; number += 1) {
    const [row] = await reads.rows<{ body: Buffer }>(
      'select body from block where block = $1 and at = to_timestamp($2::bigint / 1000.0)',
      [number, standing.at],
    );
    if (row === undefined) return undefined;
    for (const event of decodeBlock(row.body.toString('utf8')).events) {
      const opened = event.seq > standing.seq ? openedBy(event) : undefined;
      if (opened !== undefined) return opened;
    }
  }
}

/** The first account that an event opens, `cash:` aside. */
function openedBy({ fact }: Event): string | undefined {
  if (fact.type === 'account.opened') return fact.account;
  return fact.type === 'product.created' ? goodsAccounts(fact.sku)[0]?.id : undefined;
}
