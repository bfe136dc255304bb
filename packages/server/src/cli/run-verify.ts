import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  JournalFileWriter,
  verifyDatabase,
  verifyFile,
  type Checkpoint,
  type VerifyProgress,
  type VerifyReport,
} from '../ledger/journal/index.ts';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../store/embedded/index.ts';
import type { Context } from './context.ts';
import { CliError } from './exit-code.ts';
import { languageOf } from './language.ts';
import { readCheckpointFile, readPublicKeyFile } from './verify-evidence.ts';
import type { VerifyTexts } from './verify-texts.ts';
import type { VerifySettings } from './verify.ts';

/** How `lastro verify` ends; a usage error is 2 as everywhere. */
const verifyExitCode = { clean: 0, differs: 1, unreadable: 3 } as const;

const progressEveryMs = 200;

/** Checks what the settings name and says what was found; resolves to the exit code. Rejects with `CliError`. */
export async function verify(
  settings: VerifySettings,
  { stdout, env }: Context,
  texts: VerifyTexts,
): Promise<number> {
  const progress = new ProgressLine(texts, new Intl.NumberFormat(languageOf(env)));
  try {
    const evidence = {
      checkpoints: await readCheckpoints(settings.against, texts),
      trustedKey: await readTrustedKey(settings.keyFile, texts),
      onProgress: (how: VerifyProgress) => progress.show(how),
    };
    const { file } = settings;
    const { report, isExported } =
      file === undefined
        ? await verifyBank(settings, evidence, texts)
        : { report: await verifyFile({ ...evidence, path: file }), isExported: false };
    progress.clear();
    const lines = settings.isJson
      ? [JSON.stringify({ ...report, exported: isExported ? settings.exportFile : null }, null, 2)]
      : sentences(report, settings, isExported, texts);
    stdout.write(lines.map((line) => `${line}\n`).join(''));
    return report.clean ? verifyExitCode.clean : verifyExitCode.differs;
  } catch (error) {
    progress.clear();
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(verifyExitCode.unreadable, texts.unreadable(reason), { cause: error });
  }
}

function sentences(
  report: VerifyReport,
  { exportFile }: VerifySettings,
  isExported: boolean,
  texts: VerifyTexts,
): string[] {
  const lines = [report.clean ? texts.clean(report) : texts.differences(report)];
  lines.push(texts.checkpoints(report));
  if (exportFile !== undefined) {
    lines.push(isExported ? texts.exported(exportFile) : texts.notExported(exportFile));
  }
  return lines;
}

interface Evidence {
  readonly checkpoints: readonly Checkpoint[];
  readonly trustedKey: string | null;
  readonly onProgress: (progress: VerifyProgress) => void;
}

interface Verified {
  readonly report: VerifyReport;
  readonly isExported: boolean;
}

/** Checks a bank's database, and writes its journal into the file that was asked for when it is sound. */
async function verifyBank(
  settings: VerifySettings,
  evidence: Evidence,
  texts: VerifyTexts,
): Promise<Verified> {
  const { exportFile } = settings;
  const source = await openSource(settings, texts);
  try {
    const { url } = source;
    if (exportFile === undefined) {
      return { report: await verifyDatabase({ ...evidence, url }), isExported: false };
    }
    const exportTo = await JournalFileWriter.open(exportFile);
    try {
      const report = await verifyDatabase({ ...evidence, url, exportTo });
      if (report.isJournalSound) await exportTo.finish();
      return { report, isExported: report.isJournalSound };
    } finally {
      await exportTo.abandon();
    }
  } finally {
    await source.stop();
  }
}

/** Where the bank's database is; an embedded one that is stopped is started for as long as it takes. */
async function openSource(
  { databaseUrl, dataFolder, bank }: VerifySettings,
  texts: VerifyTexts,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  const folder = join(dataFolder, 'postgres');
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    throw new CliError(verifyExitCode.unreadable, texts.noData(dataFolder));
  }
  try {
    const settings = { default_transaction_read_only: 'on' };
    const postgres = await startEmbeddedPostgres({ folder, settings });
    return { url: postgres.url(bank), stop: () => postgres.stop() };
  } catch (cause) {
    if (!(cause instanceof EmbeddedPostgresError)) throw cause;
    const isRunning = cause.code === 'postgres_in_use';
    const sentence = isRunning ? texts.inUse(dataFolder, bank) : texts.unreadable(cause.message);
    throw new CliError(verifyExitCode.unreadable, sentence, { cause });
  }
}

async function readCheckpoints(
  path: string | undefined,
  texts: VerifyTexts,
): Promise<readonly Checkpoint[]> {
  if (path === undefined) return [];
  const checkpoints = await readCheckpointFile(path);
  if (checkpoints === undefined || checkpoints.length === 0) {
    throw new CliError(verifyExitCode.unreadable, texts.badCheckpoints(path));
  }
  return checkpoints;
}

async function readTrustedKey(
  path: string | undefined,
  texts: VerifyTexts,
): Promise<string | null> {
  if (path === undefined) return null;
  const key = await readPublicKeyFile(path);
  if (key === undefined) throw new CliError(verifyExitCode.unreadable, texts.badKey(path));
  return key;
}

/** One line on the terminal that tells how far it is; nothing elsewhere. */
class ProgressLine {
  readonly #texts: VerifyTexts;
  readonly #numbers: Intl.NumberFormat;
  readonly #begin = performance.now();
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(texts: VerifyTexts, numbers: Intl.NumberFormat) {
    this.#texts = texts;
    this.#numbers = numbers;
  }

  show({ blocks, blocksTotal, events }: VerifyProgress): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < progressEveryMs) return;
    this.#shownAt = now;
    const rate = Math.round((events * 1_000) / Math.max(1, now - this.#begin));
    const total = blocksTotal === null ? null : this.#numbers.format(blocksTotal);
    const line = this.#texts.progress(
      this.#numbers.format(blocks),
      total,
      this.#numbers.format(events),
      this.#numbers.format(rate),
    );
    process.stderr.write(`\r\u001B[2K${line}`);
  }

  clear(): void {
    if (this.#shownAt > 0 && process.stderr.isTTY) process.stderr.write('\r\u001B[2K');
  }
}
