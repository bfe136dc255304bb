import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { verifySnapshot, type VerifyReport } from '../../ledger/journal/index.ts';
import {
  BackupError,
  checkBackup,
  counted,
  migrationsOf,
  openBackup,
  readBackupFile,
  restoreDatabase,
  type BackupHeader,
  type Restored,
} from '../../store/backup/index.ts';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../store/embedded/index.ts';
import { StoreError } from '../../store/store-error.ts';
import type { Context } from '../context.ts';
import { CliError } from '../exit-code.ts';
import { languageOf } from '../language.ts';
import type { RestoreSettings } from '../restore.ts';
import { verifyTextsIn, type VerifyTexts } from '../verify-texts.ts';
import { backupTextsIn, type BackupTexts } from './backup-texts.ts';
import { backupExitCode, exitCodeOf } from './exit-codes.ts';
import { ProgressBar } from './progress-bar.ts';

interface Parts {
  readonly texts: BackupTexts;
  readonly verifyTexts: VerifyTexts;
  readonly bar: ProgressBar;
  readonly numbers: Intl.NumberFormat;
}

/** Restores what the settings ask for; resolves to the exit code. Rejects with `CliError`. */
export async function restore(settings: RestoreSettings, context: Context): Promise<number> {
  const language = languageOf(context.env);
  const parts: Parts = {
    texts: backupTextsIn(language),
    verifyTexts: verifyTextsIn(language),
    bar: new ProgressBar(),
    numbers: new Intl.NumberFormat(language),
  };
  try {
    const { header, restored } = await restoreFile(settings, parts);
    parts.bar.clear();
    const lines = settings.isJson
      ? [JSON.stringify(reportOf(settings.file, header, restored), null, 2)]
      : sentences(header, restored, parts);
    context.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return backupExitCode.done;
  } catch (error) {
    parts.bar.clear();
    throw asCliError(error, parts.texts, settings.file ?? '-');
  }
}

interface Done {
  readonly header: BackupHeader;
  readonly restored: Restored<VerifyReport>;
}

async function restoreFile(settings: RestoreSettings, parts: Parts): Promise<Done> {
  const { file } = settings;
  const { texts, bar } = parts;
  if (file === undefined) {
    return restoreFrom(
      counted(process.stdin, () => undefined),
      settings,
      parts,
    );
  }
  const { size } = await stat(file);
  const shownAs = (words: string) => (bytes: number) => bar.show(bytes / size, () => words);
  // Before a place is made or touched.
  migrationsOf(await checkBackup(readBackupFile(file, shownAs(texts.restore.checking))));
  const bytes = readBackupFile(file, shownAs(texts.restore.copying));
  return restoreFrom(bytes, settings, parts);
}

async function restoreFrom(
  bytes: AsyncIterable<Buffer>,
  settings: RestoreSettings,
  parts: Parts,
): Promise<Done> {
  const backup = await openBackup(bytes);
  try {
    const { header } = backup;
    migrationsOf(header);
    const place = await openPlace(settings, header.bank, parts.texts);
    try {
      const check = (client: Parameters<typeof verifySnapshot>[0]) => foldClean(client, parts);
      const restored = await restoreDatabase({ url: place.url, backup, check });
      return { header, restored };
    } finally {
      await place.stop();
    }
  } finally {
    await backup.close();
  }
}

/** Rejects when the restored rows and the restored journal don't agree. */
async function foldClean(
  client: Parameters<typeof verifySnapshot>[0],
  { texts, verifyTexts, bar, numbers }: Parts,
): Promise<VerifyReport> {
  const report = await verifySnapshot(client, {
    checkpoints: [],
    trustedKey: null,
    onProgress({ blocks, blocksTotal }) {
      const total = blocksTotal ?? blocks;
      bar.show(blocks / Math.max(1, total), () =>
        texts.restore.folding(numbers.format(blocks), numbers.format(total)),
      );
    },
  });
  if (report.clean) return report;
  const what = texts.restore.differs(verifyTexts.differences(report));
  throw new CliError(backupExitCode.differs, what);
}

/** An empty database for the bank: where the URL says, or in the data folder's PostgreSQL, which is made when missing. */
async function openPlace(
  { databaseUrl, dataFolder }: RestoreSettings,
  bank: string,
  texts: BackupTexts,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  const folder = join(dataFolder, 'postgres');
  try {
    const postgres = await startEmbeddedPostgres({ folder });
    try {
      await postgres.ensureDatabase(bank);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
    return { url: postgres.url(bank), stop: () => postgres.stop() };
  } catch (error) {
    const isRunning = error instanceof EmbeddedPostgresError && error.code === 'postgres_in_use';
    if (!isRunning) throw error;
    const sentence = texts.restore.inUse(folder);
    throw new CliError(backupExitCode.placeRefused, sentence, { cause: error });
  }
}

function reportOf(
  file: string | undefined,
  { bank, block, seq, hash, takenAt, lastro, postgres }: BackupHeader,
  { rowsOfTables, tablesLeftOut, migrated, found }: Restored<VerifyReport>,
) {
  return {
    file: file ?? null,
    bank,
    block,
    seq,
    hash,
    takenAt,
    writtenBy: { lastro, postgres },
    rows: sumOf(rowsOfTables),
    tables: Object.fromEntries(rowsOfTables),
    tablesLeftOut,
    migrated,
    verified: found,
  };
}

function sentences(
  { bank, block, seq, hash, takenAt }: BackupHeader,
  { rowsOfTables, tablesLeftOut, migrated, found }: Restored<VerifyReport>,
  { texts, numbers }: Parts,
): string[] {
  const lines = [
    texts.restore.done({
      bank,
      block: numbers.format(block),
      seq: numbers.format(seq),
      hash,
      rows: numbers.format(sumOf(rowsOfTables)),
      events: numbers.format(found.events),
      takenAt,
    }),
  ];
  if (migrated.length > 0) lines.push(texts.restore.migrated(migrated.join(', ')));
  if (tablesLeftOut.length > 0) lines.push(texts.restore.leftOut(tablesLeftOut.join(', ')));
  return lines;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function asCliError(error: unknown, texts: BackupTexts, path: string): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof BackupError) {
    const { fault } = error;
    return new CliError(exitCodeOf(fault), texts.fault(fault, path), { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  const isSentence = error instanceof StoreError || error instanceof EmbeddedPostgresError;
  const said = isSentence ? reason : texts.restore.failed(reason);
  return new CliError(backupExitCode.failed, said, { cause: error });
}
