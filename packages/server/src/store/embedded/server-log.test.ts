import {
  appendFileSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { afterThisTest, eventually, temporaryFolder } from './fixtures/cluster-world.ts';
import { openServerLog } from './server-log.ts';

const mebibyte = 1024 * 1024;

test('the tail is what was written since a position, and no more than 8 KiB of it', () => {
  const path = join(temporaryFolder(), 'postgres.log');
  writeFileSync(path, 'of an earlier run\n');
  const log = openServerLog(path);
  afterThisTest(() => log.close());
  const position = log.position();
  expect(log.tailSince(position)).toBe('');
  writeSync(log.descriptor, 'FATAL: ção\n');
  expect(log.tailSince(position)).toBe('FATAL: ção');
  writeSync(log.descriptor, 'x'.repeat(20_000));
  expect(log.tailSince(position)).toHaveLength(8 * 1024);
});

test('a log over 10 MiB is set aside at the start, and in place while the server holds it open', async () => {
  const path = join(temporaryFolder(), 'postgres.log');
  writeFileSync(path, Buffer.alloc(11 * mebibyte, 'a'));
  const log = openServerLog(path, 20);
  afterThisTest(() => log.close());
  expect(statSync(`${path}.1`).size).toBe(11 * mebibyte);
  expect(statSync(path).size).toBe(0);

  appendFileSync(path, Buffer.alloc(12 * mebibyte, 'b'));
  await eventually('it was set aside', () => statSync(path).size === 0);
  expect(statSync(`${path}.1`).size).toBe(12 * mebibyte);
  writeSync(log.descriptor, 'after');
  expect(readFileSync(path, 'utf8')).toBe('after');
  expect(existsSync(`${path}.2`)).toBe(false);
});
