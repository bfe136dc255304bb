import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import {
  BackupError,
  kindOfFile,
  openSnapshot,
  writeBackupFile,
  type BackupProgress,
  type Snapshot,
} from '../../store/backup/index.ts';
import {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  urlOfRunningCluster,
} from '../../store/embedded/index.ts';
import { StoreError } from '../../store/store-error.ts';
import type { BackupSettings } from '../backup.ts';
import type { Context } from '../context.ts';
import { CliError } from '../exit-code.ts';
import { languageOf } from '../language.ts';
import { listenForStop } from '../stop-request.ts';
import { backupTextsIn, type BackupTexts } from './backup-texts.ts';
import { bytesText } from './bytes-text.ts';
import { backupExitCode, exitCodeOf } from './exit-codes.ts';
import { ProgressBar } from './progress-bar.ts';

/** Writes the backup that the settings ask for; resolves to the exit code. Rejects with `CliError`. */
export async function backUp(settings: BackupSettings, context: Context): Promise<number> {
  const texts = backupTextsIn(languageOf(context.env));
  const { file } = settings;
  if (file !== undefined && (await kindOfFile(file)) === 'other') {
    throw new CliError(backupExitCode.failed, texts.backup.notAFile(file));
  }
  const stop = listenForStop();
  const bar = new ProgressBar();
  try {
    const source = await openSource(settings, texts);
    try {
      await writeBackup(source.url, settings, context, { texts, bar, signal: stop.signal });
    } finally {
      await source.stop();
    }
    return backupExitCode.done;
  } catch (error) {
    bar.clear();
    if (stop.signal.aborted) throw new CliError(backupExitCode.failed, texts.backup.stopped);
    throw asCliError(error, texts, file ?? '-');
  } finally {
    stop.dispose();
  }
}

interface Parts {
  readonly texts: BackupTexts;
  readonly bar: ProgressBar;
  readonly signal: AbortSignal;
}

async function writeBackup(
  url: string,
  { file, isJson }: BackupSettings,
  { env, stdout, version }: Context,
  { texts, bar, signal }: Parts,
): Promise<void> {
  const language = languageOf(env);
  const numbers = new Intl.NumberFormat(language);
  const onProgress = ({ table, rows, share }: BackupProgress) =>
    bar.show(share, () =>
      texts.backup.progress(
        table,
        numbers.format(rows),
        bytesText(snapshot.written.bytes, language),
      ),
    );
  const snapshot = await openSnapshot({ url, lastro: version, at: Date.now(), onProgress });
  try {
    if (file === undefined) await pipeline(snapshot.bytes, stdout, { signal, end: false });
    else await writeBackupFile(file, snapshot.bytes, signal);
  } finally {
    await snapshot.close();
    bar.clear();
  }
  // Standard output may hold the backup itself.
  const out = file === undefined ? process.stderr : stdout;
  const report = reportOf(snapshot, file);
  const { bank, block, seq } = snapshot.header;
  const said = isJson
    ? JSON.stringify(report, null, 2)
    : texts.backup.done({
        bank,
        block: numbers.format(block),
        seq: numbers.format(seq),
        rows: numbers.format(report.rows),
        bytes: bytesText(report.bytes, language),
        path: file ?? '-',
      });
  out.write(`${said}\n`);
}

function reportOf({ header, written }: Snapshot, file: string | undefined) {
  const { bank, block, seq, hash, takenAt, postgres } = header;
  const tables = Object.fromEntries(written.rowsOfTables);
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  const { bytes, sha256 } = written;
  const place = file ?? null;
  return { file: place, bytes, sha256, bank, block, seq, hash, takenAt, postgres, rows, tables };
}

/** Where the bank's database is: one that runs is read as it runs, one that is stopped is started for as long as it takes. */
async function openSource(
  { databaseUrl, dataFolder, bank }: BackupSettings,
  texts: BackupTexts,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const standing = (url: string) => ({ url, stop: () => Promise.resolve() });
  if (databaseUrl !== undefined) return standing(databaseUrl);
  const folder = join(dataFolder, 'postgres');
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    throw new CliError(backupExitCode.placeRefused, texts.backup.noData(dataFolder));
  }
  try {
    const settings = { default_transaction_read_only: 'on' };
    const postgres = await startEmbeddedPostgres({ folder, settings });
    return { url: postgres.url(bank), stop: () => postgres.stop() };
  } catch (error) {
    const isRunning = error instanceof EmbeddedPostgresError && error.code === 'postgres_in_use';
    if (!isRunning) throw error;
    return standing(await urlOfRunningCluster(folder, bank));
  }
}

function asCliError(error: unknown, texts: BackupTexts, path: string): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof BackupError) {
    const { fault } = error;
    return new CliError(exitCodeOf(fault), texts.fault(fault, path), { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  const isSentence = error instanceof StoreError || error instanceof EmbeddedPostgresError;
  const said = isSentence ? reason : texts.backup.failed(reason);
  return new CliError(backupExitCode.failed, said, { cause: error });
}
