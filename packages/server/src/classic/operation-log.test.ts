import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openOperationLog, type OperationLogParts } from './operation-log.ts';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-operations-'));
  return () => rm(folder, { recursive: true, force: true });
});

const newFile = () => join(folder, `place-${(files += 1)}`, 'data_server.log');

function openLog(file: string, parts: Partial<OperationLogParts> = {}) {
  return openOperationLog({
    file,
    now: () => new Date(2022, 4, 22, 2, 40, 4),
    onError: (error) => {
      throw error;
    },
    ...parts,
  });
}

async function writeOne(file: string, caller = '10.0.0.7:5000', parameters = ['5', '1000']) {
  const log = await openLog(file);
  log.write(caller, 'getSaldo', parameters);
  await log.close();
}

it('writes a line per operation as its operators know it', async () => {
  const file = newFile();
  await writeOne(file);
  expect(await readFile(file, 'utf8')).toBe(
    '05/22/2022 02:40:04, 1, 10.0.0.7:5000, getSaldo, 5, 1000\n',
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

const numbersIn = (text: string) =>
  [...text.matchAll(/^[^,]+, (\d+), /gm)].map(([, n]) => Number(n));

it('goes on with the number after a restart', async () => {
  const file = newFile();
  for (let start = 0; start < 3; start += 1) await writeOne(file);
  expect(numbersIn(await readFile(file, 'utf8'))).toEqual([1, 2, 3]);
});

it('begins a new line after one that a killed process left half written', async () => {
  const file = newFile();
  await writeOne(file);
  await appendFile(file, '05/22/2022 02:40:04, 2, 10.0.');
  await writeOne(file);
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toBe('05/22/2022 02:40:04, 2, 10.0.0.7:5000, getSaldo, 5, 1000');
});

it('a file of something else does not stop it', async () => {
  const file = newFile();
  await writeOne(file);
  await writeFile(file, 'not a log\n');
  await writeOne(file);
  expect(await readFile(file, 'utf8')).toMatch(/^not a log\n05\/22\/2022 .*, 1, /);
});

it('sets full files aside, keeps five of them, and goes on with the number', async () => {
  const file = newFile();
  const log = await openLog(file, { sizeMax: '1K' });
  const count = 300;
  for (let line = 0; line < count; line += 1) log.write('10.0.0.7', 'getSaldo', ['5', '1000']);
  await log.close();
  const names = await readdir(join(file, '..'));
  const aside = names.filter((name) => name.endsWith('-data_server.log'));
  expect(aside).toHaveLength(5);
  const unordered = await Promise.all(
    [...aside, 'data_server.log'].map((name) => readFile(join(file, '..', name), 'utf8')),
  );
  const firstOf = (text: string) => numbersIn(text)[0] ?? Infinity;
  const texts = unordered.toSorted((one, other) => firstOf(one) - firstOf(other));
  const numbers = numbersIn(texts.join(''));
  expect(numbers.at(-1)).toBe(count);
  const [first = 0] = numbers;
  expect(numbers).toEqual(numbers.map((_, index) => first + index));
  for (const text of texts) expect(text.length).toBeLessThan(1_200);

  // Restarted when the newest file has no line yet.
  await rm(file);
  const lastAside = numbersIn(texts.at(-2) ?? '').at(-1) ?? 0;
  await writeOne(file);
  expect(numbersIn(await readFile(file, 'utf8'))).toEqual([lastAside + 1]);
});

it.each(['\n', '\r\n', '\r', '\u2028', '\u0085', '\v', '\f', '\0', '\u001B[2K', ', '])(
  'a caller with %j in its words makes no line and no field of its own',
  async (cut) => {
    const file = newFile();
    const evil = `x${cut}01/01/2022 00:00:00, 7, bank, setSaldo, 1, 99`;
    await writeOne(file, evil, [evil]);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^[\x20-\x7e]+\n$/);
    expect(text.trimEnd().split(', ')).toHaveLength(5);
    await writeOne(file);
    expect(numbersIn(await readFile(file, 'utf8'))).toEqual([1, 2]);
  },
);

it('cuts what is very long', async () => {
  const file = newFile();
  await writeOne(file, 'x'.repeat(100_000), ['5', '9'.repeat(100_000)]);
  expect((await stat(file)).size).toBeLessThan(400);
});

it('a disk that fails costs lines, not operations, and is tried again after a rest', async () => {
  const file = newFile();
  await writeOne(file);
  const blocked = join(file, 'data_server.log');
  const errors: Error[] = [];
  let now = 0;
  const failed = Promise.withResolvers<void>();
  const log = await openLog(blocked, {
    now: () => new Date(now),
    onError: (error) => {
      errors.push(error);
      failed.resolve();
    },
  });
  await failed.promise;
  for (let line = 0; line < 100; line += 1) log.write('10.0.0.7', 'getSaldo', []);
  expect(errors).toHaveLength(1);
  await rm(file);
  now = 60_000;
  log.write('10.0.0.7', 'getSaldo', []);
  await log.close();
  // The gap says how many are missing.
  expect(numbersIn(await readFile(blocked, 'utf8'))).toEqual([101]);
});
