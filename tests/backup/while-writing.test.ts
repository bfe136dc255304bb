import { join } from 'node:path';
import type { TrialBalance } from '@lastro/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFlood } from '../faults/fixtures/flood.ts';
import { connectBeside } from '../faults/fixtures/own-postgres.ts';
import { seededChance } from '../faults/fixtures/random.ts';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { startBankProcess } from '../harness/bank-process.ts';
import { checkBooks, trialBalanceOf } from '../harness/books.ts';
import { query } from '../harness/postgres.ts';
import { verified } from '../leases/verified.ts';
import { startBulkLane } from './bulk-lane.ts';
import { contentsOf, historyUpTo } from './compare-databases.ts';
import { backUp, emptyDatabase, restore, temporaryFolder } from './run-lastro.ts';

vi.setConfig({ testTimeout: 120_000 });

const EVER = { seq: Number.MAX_SAFE_INTEGER, block: Number.MAX_SAFE_INTEGER };

test('a backup in the middle of a flood is one moment of the bank, and the flood goes on', async () => {
  const databaseUrl = await emptyDatabase();
  const bank = await startBankInProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  const flood = await startFlood([bank], seededChance('backup while writing'));
  await flood.more(300);
  const file = join(temporaryFolder(), 'bank.lastro-backup');
  const settledBefore = flood.settled;
  const report = await backUp(databaseUrl, file);
  expect(flood.settled, 'answered during the backup').toBeGreaterThan(settledBefore);
  await flood.more(100);
  await flood.end();
  const beside = await connectBeside(databaseUrl);
  onTestFinished(() => beside.end());
  await flood.expectExact(beside);

  const place = await emptyDatabase();
  const restored = await restore(file, place);
  expect(restored).toMatchObject({ block: report.block, seq: report.seq, hash: report.hash });
  expect(restored.tables).toEqual(report.tables);
  expect(restored.verified.events).toBe(report.seq + 1);
  const [head] = await query(place, `select block::int, encode(hash, 'hex') as hash from head`);
  expect(head).toEqual({ block: report.block, hash: report.hash });
  // The original has gone on since; up to the backup's head both are the same, byte for byte.
  const history = await historyUpTo(place, EVER);
  expect(history['block']).toHaveLength(report.block + 1);
  expect(history).toEqual(await historyUpTo(databaseUrl, report));
});

test('a backup under batches of 500 is the bank as of its number', async () => {
  const databaseUrl = await emptyDatabase();
  const bank = await startBankProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  const lane = await startBulkLane(bank);
  await lane.more(6);
  const file = join(temporaryFolder(), 'bank.lastro-backup');
  const before = lane.posted.length;
  const report = await backUp(databaseUrl, file);
  const after = lane.posted.length;
  expect(after, 'posted while the backup was written').toBeGreaterThan(before);
  await lane.more(2);
  await lane.end();

  const place = await emptyDatabase();
  const restored = await restore(file, place);
  expect(restored).toMatchObject({ block: report.block, seq: report.seq, hash: report.hash });
  expect((await verified(place)).total).toBe(0);
  const history = await historyUpTo(place, EVER);
  expect(history).toEqual(await historyUpTo(databaseUrl, report));
  // What was answered before it began is in it.
  const ids = await query<{ id: string }>(place, `select id from transfer`);
  const found = new Set(ids.map(({ id }) => id));
  expect(lane.posted.slice(0, before).filter((id) => !found.has(id))).toEqual([]);

  const again = await startBankInProcess({ databaseUrl: place });
  onTestFinished(() => again.stop());
  await checkBooks(again);
  const then = await bank.call<TrialBalance>('GET', `/v1/trial-balance?atSeq=${report.seq}`);
  expect((await trialBalanceOf(again)).assets).toEqual(then.body.assets);
  for (const account of lane.accounts) {
    const path = `/v1/accounts/${account}/balance`;
    const asOf = await bank.call('GET', `${path}?atSeq=${report.seq}`);
    const now = await again.call('GET', path);
    expect(now.status, now.text).toBe(200);
    expect(now.body['balance'], account).toBe(asOf.body['balance']);
  }
});

test('a bank at rest comes back whole, table by table, and goes on from there', async () => {
  const databaseUrl = await emptyDatabase();
  const bank = await startBankInProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  const flood = await startFlood([bank], seededChance('backup at rest'));
  await flood.more(200);
  await flood.end();
  const key = await bank.call('POST', '/v1/api-keys', { name: 'till', scope: 'write' });
  expect(key.status, key.text).toBe(201);
  const file = join(temporaryFolder(), 'bank.lastro-backup');
  await backUp(databaseUrl, file);
  const place = await emptyDatabase();
  await restore(file, place);
  expect(await contentsOf(place)).toEqual(await contentsOf(databaseUrl));

  const again = await startBankInProcess({ databaseUrl: place });
  onTestFinished(() => again.stop());
  const paid = await again.call('POST', '/v1/deposits', { account: 'flood-0', amount: 5 });
  expect(paid.status, paid.text).toBe(201);
  await checkBooks(again);
  const change = `update transfer set amount = 1`;
  await expect(query(place, change), 'its triggers are back').rejects.toThrow('what was posted');
});
