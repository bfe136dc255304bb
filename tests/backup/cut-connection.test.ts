import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  openBackup,
  openSnapshot,
  restoreDatabase,
  writeBackupFile,
} from '../../packages/server/src/store/backup/index.ts';
import { query } from '../harness/postgres.ts';
import { writeHistory } from '../tamper/history.ts';
import { contentsOf } from './compare-databases.ts';
import { backUp, emptyDatabase, restore, temporaryFolder } from './run-lastro.ts';

vi.setConfig({ testTimeout: 120_000 });

/** The bytes, with something happening after the first of them, when a transaction is open. */
async function* interrupted(
  bytes: AsyncIterable<Buffer>,
  interrupt: () => unknown,
): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of bytes) {
    yield chunk;
    if (isFirst) await interrupt();
    isFirst = false;
  }
}

/** Ends every connection that `lastro` has to this database. */
async function cut(url: string): Promise<void> {
  const ended = await query(
    url,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and application_name = 'lastro'`,
  );
  expect(ended.length).toBeGreaterThan(0);
}

async function history(): Promise<string> {
  const url = await emptyDatabase();
  await writeHistory(url);
  return url;
}

const snapshotOf = (url: string) => openSnapshot({ url, lastro: '0.1.0', at: Date.now() });

test('a backup whose connection is cut is no file, not a shorter one', async () => {
  const url = await history();
  const folder = temporaryFolder();
  const snapshot = await snapshotOf(url);
  onTestFinished(() => snapshot.close());
  const bytes = interrupted(snapshot.bytes, () => cut(url));
  const writing = writeBackupFile(join(folder, 'bank'), bytes, new AbortController().signal);
  await expect(writing).rejects.toThrow(/terminat|connection/);
  expect(readdirSync(folder)).toEqual([]);
});

test('a backup that is asked to stop leaves nothing, and lets its connection go', async () => {
  const url = await history();
  const folder = temporaryFolder();
  const snapshot = await snapshotOf(url);
  const stop = new AbortController();
  const bytes = interrupted(snapshot.bytes, () => stop.abort(new Error('asked to stop')));
  const writing = writeBackupFile(join(folder, 'bank'), bytes, stop.signal);
  await expect(writing).rejects.toThrow();
  await snapshot.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('a restore whose connection is cut brings nothing, and can be run again', async () => {
  const url = await history();
  const file = join(temporaryFolder(), 'bank');
  await backUp(url, file);
  const bytes = await readFile(file);
  const place = await emptyDatabase();
  const halves = async function* () {
    const header = bytes.indexOf('\n', bytes.indexOf('\n') + 1) + 1;
    yield bytes.subarray(0, header + 1_000);
    // Only when the copying wants more is its transaction open.
    await cut(place);
    yield bytes.subarray(header + 1_000);
  };
  const backup = await openBackup(halves());
  onTestFinished(() => backup.close());
  const check = () => Promise.resolve();
  await expect(restoreDatabase({ url: place, backup, check })).rejects.toThrow(
    /terminat|connection/,
  );
  expect(await contentsOf(place)).toEqual({ restore_unfinished: [] });
  await restore(file, place);
  expect(await contentsOf(place)).toEqual(await contentsOf(url));
});
