import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { contentsOf } from '../backup/compare-databases.ts';
import {
  backUp,
  emptyDatabase,
  restore,
  runLastro,
  spawnLastro,
  temporaryFolder,
} from '../backup/run-lastro.ts';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { writeHistory } from '../tamper/history.ts';
import { testAt } from './test-at.ts';

vi.setConfig({ testTimeout: 120_000 });

let original: string;
let backups: string;
/** A backup of the original. */
let whole: string;

beforeAll(async () => {
  original = await createBankDatabase();
  await writeHistory(original);
  backups = await mkdtemp(join(tmpdir(), 'lastro-backups-'));
  whole = join(backups, 'bank.lastro-backup');
  await backUp(original, whole);
});

afterAll(async () => {
  await abandonDatabase(original);
  await rm(backups, { recursive: true });
});

async function expectDies(args: readonly string[], at: string, databaseUrl: string): Promise<void> {
  const ended = await spawnLastro(args, { LASTRO_CRASH_AT: at, DATABASE_URL: databaseUrl });
  expect(ended).toMatchObject({ code: null, stdout: '' });
  expect(ended.stderr).toContain(`crash point ${at.split(':')[0]}\n`);
}

async function expectServes(databaseUrl: string): Promise<void> {
  const bank = await startBankInProcess({ databaseUrl });
  onTestFinished(() => bank.stop());
  await checkBooks(bank);
}

/** No server serves from what is left, nor makes a new bank there; the same restore makes it whole. */
async function expectRestoredAfter(at: string): Promise<void> {
  const place = await emptyDatabase();
  await expectDies(['restore', whole], at, place);
  expect(await contentsOf(place)).toEqual({ restore_unfinished: [] });
  const serve = ['serve', '--bank', 'test', '--data', temporaryFolder()];
  const refused = await runLastro(serve, { DATABASE_URL: place });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('A restore into this database began and is not complete');
  const copied = await runLastro(['backup', join(temporaryFolder(), 'bank')], {
    DATABASE_URL: place,
  });
  expect(copied.code).toBe(4);
  await restore(whole, place);
  expect(await contentsOf(place)).toEqual(await contentsOf(original));
  await expectServes(place);
}

testAt('backup-before-rename', async (point) => {
  const folder = temporaryFolder();
  const file = join(folder, 'bank.lastro-backup');
  await expectDies(['backup', file], point, original);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^bank\.lastro-backup\..+\.part$/)]);
  await backUp(original, file);
  await restore(file, await emptyDatabase());
});

testAt('restore-marked', (point: CrashPoint) => expectRestoredAfter(point));

testAt('restore-within-copy', (point) => expectRestoredAfter(`${point}:7`));

testAt('restore-before-commit', (point) => expectRestoredAfter(point));

testAt('restore-committed', async (point) => {
  const place = await emptyDatabase();
  await expectDies(['restore', whole], point, place);
  expect(await contentsOf(place)).toEqual(await contentsOf(original));
  const again = await runLastro(['restore', whole], { DATABASE_URL: place });
  expect(again.stderr).toContain('There is the bank test');
  await expectServes(place);
});
