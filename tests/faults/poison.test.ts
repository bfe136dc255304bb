import type { Command } from '@lastro/core';
import { NO_METADATA } from '@lastro/core';
import { expect, onTestFinished, test } from 'vitest';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { openAccount, tally } from '../harness/seeding.ts';
import {
  envelope,
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';

const FUNDS = 1_000_000n;

async function startWorld(): Promise<EngineWorld & { readonly url: string }> {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const world = await startEngine({ url });
  onTestFinished(() => world.stop());
  await openWithMoney(world, 'ana', FUNDS);
  await openWithMoney(world, 'bia', 0n);
  return { ...world, url };
}

/** Submits the bad commands in the middle of many good ones, all for one block. */
async function submitAmongGood({ engine }: EngineWorld, bad: readonly Command[]) {
  const good = () => Array.from({ length: 60 }, () => transfer('ana', 'bia', 1n));
  const before = good();
  const after = good();
  const middle = bad.map((command) => envelope(command));
  const submit = (sent: readonly ReturnType<typeof envelope>[]) =>
    Promise.all(sent.map((one) => wordFor(engine.submit(one))));
  const [first, words, last] = await Promise.all([submit(before), submit(middle), submit(after)]);
  const again = await submit(middle);
  return { good: tally([...first, ...last]), bad: words, again };
}

async function biasBalance(url: string): Promise<bigint> {
  const [row] = await query<{ balance: string }>(
    url,
    `select credits_posted - debits_posted as balance from account where id = 'bia'`,
  );
  return BigInt(row?.balance ?? 0);
}

const posting = (amount: bigint, id: string): Command => ({
  type: 'PostTransfer',
  id,
  from: 'ana',
  to: 'bia',
  amount,
  metadata: NO_METADATA,
  condition: null,
});

test('what a CHECK refuses: over HTTP a recorded 500, an alarm, and no harm to its neighbours', async () => {
  const databaseUrl = await createBankDatabase();
  onTestFinished(() => abandonDatabase(databaseUrl));
  const bank = await startBankInProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  await openAccount(bank, 'ana', 1_000_000);
  await openAccount(bank, 'bia');
  await query(databaseUrl, 'alter table transfer add constraint no_666 check (amount <> 666)');
  const amounts = Array.from({ length: 300 }, (_, index) => (index % 100 === 50 ? 666 : 1));
  const bodies = amounts.map((amount) => ({
    id: crypto.randomUUID(),
    from: 'ana',
    to: 'bia',
    amount,
  }));
  const send = () => Promise.all(bodies.map((body) => bank.call('POST', '/v1/transfers', body)));
  const replies = await send();
  expect(replies.map(({ status }) => status)).toEqual(
    amounts.map((amount) => (amount === 666 ? 500 : 201)),
  );
  const again = await send();
  expect(again.map(({ status }) => status)).toEqual(replies.map(({ status }) => status));
  expect(again.every(({ headers }) => headers['idempotency-replayed'] === 'true')).toBe(true);
  expect(await biasBalance(databaseUrl)).toBe(297n);
  const [{ failed } = {}] = await query<{ failed: string }>(
    databaseUrl,
    `select count(*) as failed from outcome where code = 'internal_error'`,
  );
  expect(failed).toBe('3');
  expect(bank.complaints.filter((line) => line.includes('no_666')).length).toBeGreaterThan(0);
  await checkBooks(bank);
});

test('what a CHECK refuses, twice in one block', async () => {
  const world = await startWorld();
  await query(world.url, 'alter table transfer add constraint no_666 check (amount <> 666)');
  const bad = [posting(666n, crypto.randomUUID()), posting(666n, crypto.randomUUID())];
  expect(await submitAmongGood(world, bad)).toEqual({
    good: { 'transfer.posted': 120 },
    bad: ['command.failed', 'command.failed'],
    again: ['command.failed', 'command.failed'],
  });
  expect(world.engine.statistics).toMatchObject({ poisoned: 2, failed: 2 });
  expect(await biasBalance(world.url)).toBe(120n);
  expect(await world.brokenInvariants()).toEqual([]);
});

const malformed: readonly [string, Command][] = [
  ['a public id that is no UUID', posting(1n, 'not-a-uuid')],
  [
    'an account id that PostgreSQL can not store',
    {
      type: 'PostTransfer',
      id: crypto.randomUUID(),
      from: 'a\0b',
      to: 'bia',
      amount: 1n,
      metadata: {},
      condition: null,
    },
  ],
  [
    'a number where a bigint belongs: core throws while it decides',
    { ...posting(1n, crypto.randomUUID()), amount: 1 as unknown as bigint } as Command,
  ],
  [
    'no lines: core throws while it names the rows',
    {
      type: 'PlaceOrder',
      id: crypto.randomUUID(),
      customer: 'ana',
      merchant: 'bia',
      expectedTotal: null,
      transferIds: [crypto.randomUUID()],
      lines: { length: 0 } as unknown as [],
    },
  ],
  [
    'metadata that are not there: core throws while it writes the bytes of the block',
    {
      type: 'PostTransfer',
      id: crypto.randomUUID(),
      from: 'ana',
      to: 'bia',
      amount: 1n,
      metadata: null as unknown as Record<string, string>,
      condition: null,
    },
  ],
];

test.each(malformed)('%s: it fails alone', async (_, bad) => {
  const world = await startWorld();
  const words = await submitAmongGood(world, [bad]);
  expect(words.good).toEqual({ 'transfer.posted': 120 });
  expect(words.bad).toEqual(words.again);
  expect(['command.failed', 'internal_error']).toContain(words.bad[0]);
  expect(world.engine.isWriting).toBe(true);
  expect(world.alarms.join('\n')).toContain('failed');
  expect(await biasBalance(world.url)).toBe(120n);
  expect(await world.brokenInvariants()).toEqual([]);
});
