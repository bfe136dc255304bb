import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { explainFailure } from '../../packages/server/src/cli/explain-failure.ts';
import { languageOf } from '../../packages/server/src/cli/language.ts';
import { runProgram } from '../../packages/server/src/cli/program.ts';
import { textsIn } from '../../packages/server/src/cli/texts.ts';
import { abandonDatabase, createDatabase } from '../harness/postgres.ts';

export interface Ended {
  /** Null: by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const launcher = join(import.meta.dirname, '../../packages/server/bin/lastro.mjs');
const RUN_TIMEOUT_MS = 100_000;

const surroundings = { LC_ALL: 'C', LASTRO_DATABASE_URL: '', DATABASE_URL: '' };

/**
 * Runs `lastro` as a person would, in a process of its own; in English unless told otherwise. What it
 * writes is given byte by byte (latin1), for a backup on standard output.
 */
export function spawnLastro(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input: Buffer = Buffer.alloc(0),
): Promise<Ended> {
  const env = { ...process.env, ...surroundings, ...environment };
  const options = { env, timeout: RUN_TIMEOUT_MS, encoding: 'latin1' } as const;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [launcher, ...args],
      options,
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, stdout, stderr });
      },
    );
    // It may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The same within this process, which is quicker. */
export async function runLastro(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { ...surroundings, ...environment };
  const stdout = new PassThrough();
  const said = text(stdout);
  const context = {
    env,
    workingFolder: tmpdir(),
    texts: textsIn(languageOf(env)),
    stdout: stdout as unknown as NodeJS.WriteStream,
    version: '0.1.0',
  };
  let [code, stderr] = [0, ''];
  try {
    code = await runProgram(args, context);
  } catch (error) {
    const failure = explainFailure(error, context.texts);
    [code, stderr] = [failure.exitCode, `lastro: ${failure.message}\n`];
  }
  stdout.end();
  return { code, stdout: await said, stderr };
}

export interface BackupReport {
  readonly bank: string;
  readonly block: number;
  readonly seq: number;
  readonly hash: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly tables: Readonly<Record<string, number>>;
}

export interface RestoreReport extends BackupReport {
  readonly migrated: readonly string[];
  readonly tablesLeftOut: readonly string[];
  readonly verified: { readonly clean: boolean; readonly events: number };
}

/** Writes a backup of this database, which must go well. */
export async function backUp(databaseUrl: string, file: string): Promise<BackupReport> {
  const ended = await runLastro(['backup', file, '--output', 'json'], {
    DATABASE_URL: databaseUrl,
  });
  expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ended.stdout) as BackupReport;
}

/** Restores a backup into this database, which must go well. */
export async function restore(file: string, databaseUrl: string): Promise<RestoreReport> {
  const ended = await runLastro(['restore', file, '--output', 'json'], {
    DATABASE_URL: databaseUrl,
  });
  expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
  const report = JSON.parse(ended.stdout) as RestoreReport;
  expect(report.verified.clean).toBe(true);
  return report;
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastro-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** An empty database that goes with the test. */
export async function emptyDatabase(): Promise<string> {
  const url = await createDatabase();
  onTestFinished(() => abandonDatabase(url));
  return url;
}
