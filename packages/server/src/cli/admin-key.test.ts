import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { adminKeyFile, ensureAdminKey, readAdminKey } from './admin-key.ts';
import { explainFailure } from './explain-failure.ts';
import { textsIn } from './texts.ts';

const texts = textsIn('en');
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-key-'));
  folders.push(folder);
  return join(folder, 'data');
}

test('the first start makes a key of at least 160 random bits that only its owner can read', async () => {
  const path = adminKeyFile(await dataFolder());
  const key = await ensureAdminKey(path, texts);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(key.replace('lastro_', ''), 'base64url').length * 8).toBeGreaterThanOrEqual(
    160,
  );
  expect((await readFile(path, 'utf8')).trim()).toBe(key);
});

test('the next start reads the same key', async () => {
  const path = adminKeyFile(await dataFolder());
  expect(await ensureAdminKey(path, texts)).toBe(await ensureAdminKey(path, texts));
});

test('many starts at once agree on one key and leave nothing else behind', async () => {
  const folder = await dataFolder();
  const starts = Array.from({ length: 20 }, () => ensureAdminKey(adminKeyFile(folder), texts));
  expect(new Set(await Promise.all(starts)).size).toBe(1);
  expect(await readdir(folder)).toEqual(['admin-key']);
});

test('reading makes no file', async () => {
  const folder = await dataFolder();
  expect(await readAdminKey(adminKeyFile(folder), texts)).toBeUndefined();
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
});

test('a file without a key and a folder that is a file: one sentence each', async () => {
  const folder = await dataFolder();
  await writeFile(folder, '\n');
  await expect(readAdminKey(folder, texts)).rejects.toThrow(`The file ${folder} holds no key`);
  const error: unknown = await ensureAdminKey(adminKeyFile(folder), texts).catch(
    (caught: unknown) => caught,
  );
  expect(explainFailure(error, texts).message).toBe(
    `${folder} can’t be the data folder, for it or a folder above it is a file: choose another one with --data.`,
  );
});
