import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statfsSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { balanceOf, checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { serverOrSkip } from '../harness/require-server.ts';
import { atOnce, openAccount } from '../harness/seeding.ts';
import { note } from './fixtures/random.ts';
import { startOwnPostgres } from './fixtures/own-postgres.ts';

vi.setConfig({ testTimeout: 180_000 });

const MEBIBYTE = 2 ** 20;

/** A file system of `mebibytes`, gone after the test; undefined where nobody may mount one. */
function mountSmallDisk(mebibytes: number): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'lastro-disk-'));
  try {
    const options = `size=${mebibytes}m,mode=0755`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'lastro-test', folder], { stdio: 'pipe' });
    return folder;
  } catch {
    rmdirSync(folder);
    return undefined;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'pipe' });
  rmdirSync(folder);
}

function canMount(): boolean {
  const folder = mountSmallDisk(1);
  if (folder === undefined) return false;
  unmount(folder);
  return true;
}

/** Leaves `spare` bytes on the disk; removed by `free`. */
function fill(disk: string, spareBytes: number): { free(): void } {
  const ballast = join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - spareBytes)));
  return { free: () => rmSync(ballast, { force: true }) };
}

interface Told {
  readonly id: string;
  readonly status: number;
}

/** A transfer with much text in it, so that the disk fills. */
async function post(bank: BankProcess, id: string = crypto.randomUUID()): Promise<Told> {
  const metadata = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`note${index}`, `${id}${index}`.repeat(12)]),
  );
  const body = { id, from: 'ana', to: 'bia', amount: 1, metadata };
  const { status } = await bank.call('POST', '/v1/transfers', body);
  return { id, status };
}

describe.runIf(serverOrSkip('a mountable tmpfs (root)', canMount()))('a full disk', () => {
  test('writes are refused, reads go on while PostgreSQL runs, and it recovers by itself', async () => {
    const disk = mountSmallDisk(192);
    if (disk === undefined) throw new Error('no disk');
    onTestFinished(() => unmount(disk));
    const own = await startOwnPostgres({
      parent: disk,
      settings: { min_wal_size: '32MB', max_wal_size: '48MB' },
    });
    onTestFinished(() => own.remove());
    const databaseUrl = await own.createDatabase();
    const bank = await startBankProcess({ databaseUrl });
    onTestFinished(() => bank.stop());
    await openAccount(bank, 'ana', 1_000_000);
    await openAccount(bank, 'bia');
    const told: Told[] = [];
    const postMany = async () => {
      const many = await atOnce(20, () => post(bank));
      told.push(...many);
      return many;
    };
    await postMany();
    expect(told.every(({ status }) => status === 201)).toBe(true);

    const ballast = fill(disk, MEBIBYTE);
    onTestFinished(() => ballast.free());
    await eventually(
      'writes are refused',
      async () => (await postMany()).every(({ status }) => status === 503),
      60_000,
    );
    // PostgreSQL may have stopped over its log; where it runs, it reads.
    const reading = await bank.call('GET', '/v1/accounts/bia');
    note(`a read on the full disk: ${reading.status}`);
    expect([200, 503]).toContain(reading.status);
    expect((await bank.call('GET', '/livez')).status).toBe(200);

    ballast.free();
    await eventually('it writes again', async () => (await post(bank)).status === 201, 90_000);
    const posted = new Set(told.filter(({ status }) => status === 201).map(({ id }) => id));
    // Each one that was not acknowledged, sent again, has its one effect.
    const again = await Promise.all(told.map(({ id }) => post(bank, id)));
    expect(again.filter(({ status }) => status !== 201)).toEqual([]);
    expect(posted.size).toBeGreaterThan(0);
    expect(posted.size).toBeLessThan(told.length);
    expect(await balanceOf(bank, 'bia')).toBe(BigInt(told.length + 1));
    await checkBooks(bank);
  });
});
