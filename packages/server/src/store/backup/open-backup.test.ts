import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { backupBytes, Written } from './backup-bytes.ts';
import { BackupError } from './backup-error.ts';
import { headerLines, type BackupHeader } from './backup-format.ts';
import { checkBackup, openBackup } from './open-backup.ts';

const header: BackupHeader = {
  lastro: '0.1.0',
  postgres: '18.4',
  takenAt: '2030-01-02T03:04:05.678Z',
  bank: 'loja',
  block: 2,
  seq: 3,
  hash: 'ab'.repeat(32),
  migrations: [{ name: '0001-ledger.sql', checksum: 'cd'.repeat(32) }],
  tables: [
    { name: 'account', columns: ['id', 'asset'] },
    { name: 'empty', columns: [] },
    { name: 'transfer', columns: ['id'] },
  ],
  sequences: [{ name: 'ticket', last: '7' }],
};

const contents: Readonly<Record<string, readonly string[]>> = {
  account: ['ana\tBRL/2\n', 'bia\tBR', 'L/2\nleo\ta\\nb\n'],
  empty: [],
  // As small as a piece can be, and one that must be cut by every buffer on its way.
  transfer: ['1', '\n', `${'x'.repeat(300_000)}\n`],
};

async function written(): Promise<Buffer> {
  const tables = header.tables.map(({ name }) => ({
    name,
    bytes: 10,
    copy: () => Readable.from((contents[name] ?? []).map((text) => Buffer.from(text))),
  }));
  return buffer(Readable.from(backupBytes(header, tables, new Written())));
}

/** The same bytes in pieces of this size. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** With a last line that swears to it. */
function sworn(...parts: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return Buffer.concat([bytes, Buffer.from(`sha256 ${sha256}\n`)]);
}

async function read(bytes: Buffer, size = 1 << 16) {
  const backup = await openBackup(inPieces(bytes, size));
  const found: Record<string, string> = {};
  try {
    const counts = await backup.readTables(async ({ name }, rows) => {
      const text = (await buffer(rows)).toString();
      found[name] = text;
      return text.split('\n').length - 1;
    });
    return { header: backup.header, found, counts: Object.fromEntries(counts) };
  } finally {
    await backup.close();
  }
}

/** What a backup is refused with, by the one look and by the other. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'none';
  } catch (error) {
    return error instanceof BackupError ? error.fault.kind : String(error);
  }
}

test.each([1, 7, 72, 73, 1 << 16])(
  'what was written is read again, in pieces of %d',
  async (size) => {
    const file = await written();
    const expected = Object.fromEntries(
      Object.entries(contents).map(([name, texts]) => [name, texts.join('')]),
    );
    expect(await read(file, size)).toEqual({
      header,
      found: expected,
      counts: { account: 3, empty: 0, transfer: 2 },
    });
    expect(await checkBackup(inPieces(file, size))).toEqual(header);
  },
);

test('the same tables make the same file', async () => {
  expect(await written()).toEqual(await written());
});

test('a change of any one byte is refused, wherever it is', async () => {
  const file = await written();
  for (let at = 0; at < file.length; at += 1) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 0x20;
    expect(await refusal(checkBackup(inPieces(changed, 1 << 16))), `byte ${at}`).toMatch(
      /^(damaged|not_a_backup|newer_format)$/,
    );
  }
});

test('a file that was cut anywhere, or goes on, is refused', async () => {
  const file = await written();
  for (let length = 0; length < file.length; length += 1) {
    expect(await refusal(checkBackup(inPieces(file.subarray(0, length), 1 << 16)))).toMatch(
      /^(damaged|not_a_backup)$/,
    );
  }
  const longer = Buffer.concat([file, Buffer.from('\n')]);
  expect(await refusal(checkBackup(inPieces(longer, 100)))).toBe('damaged');
});

test('parts that changed places are refused', async () => {
  const file = await written();
  const [half, end] = [Math.floor(file.length / 2), file.length - 72];
  const first = file.subarray(half - 40, half);
  const swapped = Buffer.concat([
    file.subarray(0, half - 40),
    file.subarray(half, end),
    first,
    file.subarray(end),
  ]);
  expect(swapped).toHaveLength(file.length);
  expect(await refusal(checkBackup(inPieces(swapped, 1 << 16)))).toBe('damaged');
});

test('read without a look before, damage shows at the latest when all was read', async () => {
  const file = await written();
  for (const at of [20, Math.floor(file.length / 2), file.length - 80, file.length - 3]) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    expect(await refusal(read(changed)), `byte ${at}`).toMatch(/^(damaged|not_a_backup)$/);
  }
});

const tablesOnly = (text: string) => sworn(headerLines(header), zstdCompressSync(text));

test.each([
  ['another title', sworn('lastro journal 1\n'), 'not_a_backup'],
  ['a later format', sworn('lastro backup 2\n{}\n'), 'newer_format'],
  ['a header that is none', sworn('lastro backup 1\n{"bank":"loja"}\n'), 'damaged'],
  ['a table missing', tablesOnly('table account\nrows 0\nend 0\n'), 'damaged'],
  [
    'tables in another order',
    tablesOnly('table empty\nrows 0\ntable account\nrows 0\ntable transfer\nrows 0\nend 0\n'),
    'damaged',
  ],
  ['a wrong count', tablesOnly('table account\ndata 2\na\nrows 2\n'), 'damaged'],
  ['a piece without end', tablesOnly('table account\ndata 999999999\n'), 'damaged'],
  ['no compressed part', sworn(headerLines(header), 'table account\n'), 'damaged'],
])('a file that swears to %s is refused', async (_, file, kind) => {
  expect(await refusal(read(file))).toBe(kind);
});
