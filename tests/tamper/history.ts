import { randomUUID } from 'node:crypto';
import { NO_METADATA, type Command } from '@lastro/core';
import { expect } from 'vitest';
import { envelope, startEngine } from '../faults/fixtures/engine-world.ts';
import { query } from '../harness/postgres.ts';
import { FACT_TYPES } from '../../packages/core/src/vocabulary.fixture.ts';
import { writeConsortium } from './consortium-history.ts';
import { writeDepth } from './depth-history.ts';

/** The amount that a CHECK refuses for a while, so that a command fails by itself. */
const POISON = 666n;

const account = (id: string, creditLimit: bigint | null = 0n, metadata = {}): Command => ({
  type: 'OpenAccount',
  account: id,
  asset: 'BRL/2',
  creditLimit,
  maximumBalance: null,
  metadata,
});
const pay = (from: string, to: string, amount: bigint, metadata = {}): Command => ({
  type: 'PostTransfer',
  id: randomUUID(),
  from,
  to,
  amount,
  metadata,
  condition: null,
});
const product = (sku: string, price: bigint, merchant: string | null, stock: bigint): Command => ({
  type: 'CreateProduct',
  sku,
  name: `Product “${sku}” \u2028 🍵`,
  price,
  asset: 'BRL/2',
  merchant,
  stock,
  transferId: randomUUID(),
});
const order = (customer: string, lines: readonly (readonly [string, bigint])[]): Command => ({
  type: 'PlaceOrder',
  id: randomUUID(),
  customer,
  merchant: 'shop',
  lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
  expectedTotal: null,
  transferIds: Array.from({ length: lines.length + 1 }, () => randomUUID()),
});
const goods = { sku: 'tea', metadata: NO_METADATA };

function commands(): readonly Command[] {
  return [
    account('ana', 0n, { note: 'a "quote"', __proto__x: 'é\u0001' }),
    account('bia', 500n),
    account('shop'),
    account('mint', null),
    { type: 'Deposit', id: randomUUID(), account: 'ana', amount: 10_000n, metadata: NO_METADATA },
    { type: 'Withdraw', id: randomUUID(), account: 'ana', amount: 100n, metadata: { by: 'till' } },
    pay('ana', 'bia', 250n, { b: '2', a: '1' }),
    pay('mint', 'ana', 5n),
    {
      type: 'PostTransaction',
      id: randomUUID(),
      transfers: [
        {
          id: randomUUID(),
          from: 'ana',
          to: 'bia',
          amount: 7n,
          metadata: NO_METADATA,
          condition: null,
        },
        {
          id: randomUUID(),
          from: 'bia',
          to: 'shop',
          amount: 9n,
          metadata: { leg: '2' },
          condition: null,
        },
      ],
    },
    product('tea', 300n, 'shop', 10n),
    product('pen', 0n, null, 3n),
    product('cup', 40n, null, 0n),
    { type: 'ChangeProduct', sku: 'tea', version: 1, name: null, price: 310n },
    { type: 'ReceiveGoods', ...goods, quantity: 4n, transferId: randomUUID() },
    { type: 'AdjustGoods', ...goods, quantity: -2n, reason: 'lost', transferId: randomUUID() },
    { type: 'AdjustGoods', ...goods, quantity: 1n, reason: 'found', transferId: randomUUID() },
    order('ana', [
      ['tea', 2n],
      ['pen', 1n],
    ]),
    order('ana', [['pen', 1n]]),
    order('ana', [['tea', 1_000n]]),
    order('bia', [['nothing', 1n]]),
    pay('shop', 'ana', 1_000_000n),
    account('ana'),
  ];
}

/** The types of all events of the journal. */
async function typesWritten(url: string): Promise<string[]> {
  const rows = await query<{ type: string }>(
    url,
    `select distinct (regexp_matches(convert_from(body, 'UTF8'),
            '^[{]"seq":[0-9]+,"type":"([a-z.]+)"', 'gn'))[1] as type from block`,
  );
  return rows.map(({ type }) => type).toSorted();
}

/** A small bank with at least one event of every type, nearly each in a block of its own. */
export async function writeHistory(url: string): Promise<void> {
  let ahead = 0;
  const world = await startEngine({ url, clock: () => Date.now() + ahead });
  const submit = (command: Command) => world.engine.submit(envelope(command));
  try {
    for (const command of commands()) await submit(command);
    await writeDepth({ world, pass: (milliseconds) => void (ahead += milliseconds) });
    await writeConsortium(world);
    await query(url, `alter table transfer add constraint poison check (amount <> ${POISON})`);
    await submit(pay('ana', 'bia', POISON));
    await query(url, 'alter table transfer drop constraint poison');
    // Several events in one block.
    await Promise.all([1n, 2n, 3n, 4n].map((amount) => submit(pay('ana', 'bia', amount))));
  } finally {
    await world.stop();
  }
  // A new type of event must get a place in this history, and in the matrix.
  expect(await typesWritten(url)).toEqual(FACT_TYPES);
}
