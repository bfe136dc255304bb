import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { copyBinaries } from './copy-binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { completeBinaries } from './library-links.ts';
import { runProgram } from './run-program.ts';
import type { RunAs } from './run-as.ts';
import { asEmbeddedPostgresError, systemErrorCode } from './system-error.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version that `postgres` says it is. */
  readonly major: number;
}

/**
 * Finds PostgreSQL programs that run the way `runAs` says: the package where npm put it if that works, else a copy
 * in the first of `copyParents` where it does (a package below /root can't be entered by another user, a read-only
 * one can't be completed).
 */
export async function findBinaries(options: {
  packageFolder: string | undefined;
  runAs: RunAs;
  copyTargets: (version: string) => readonly string[];
}): Promise<Binaries> {
  const packageFolder = options.packageFolder ?? locatePackage();
  const version = await packageVersion(packageFolder);
  const reasons: string[] = [];
  const found =
    (await tryInPlace(packageFolder, options.runAs, reasons)) ??
    (await tryCopies(packageFolder, options.copyTargets(version), options.runAs, reasons));
  if (found !== undefined) return found;
  throw new EmbeddedPostgresError(
    'postgres_binaries_missing',
    `The PostgreSQL in ${packageFolder} does not run here (${reasons.join('; ')}): set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function tryInPlace(
  packageFolder: string,
  runAs: RunAs,
  reasons: string[],
): Promise<Binaries | undefined> {
  try {
    await completeBinaries(packageFolder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOSPC') throw asEmbeddedPostgresError(error, packageFolder);
    reasons.push(String(error));
    return undefined;
  }
  return probe(packageFolder, runAs, reasons);
}

async function tryCopies(
  packageFolder: string,
  targets: readonly string[],
  runAs: RunAs,
  reasons: string[],
): Promise<Binaries | undefined> {
  for (const target of targets) {
    try {
      await copyBinaries(packageFolder, target);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOSPC') throw asEmbeddedPostgresError(error, target);
      reasons.push(error instanceof Error ? error.message : String(error));
      continue;
    }
    const found = await probe(target, runAs, reasons);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The programs are only believed when both have run. */
async function probe(
  folder: string,
  runAs: RunAs,
  reasons: string[],
): Promise<Binaries | undefined> {
  const postgres = join(folder, 'native', 'bin', 'postgres');
  const initdb = join(folder, 'native', 'bin', 'initdb');
  const [first, second] = await Promise.all(
    [postgres, initdb].map((program) =>
      runProgram([...runAs.prefix, program, '--version'], { timeoutMs: 10_000 }),
    ),
  );
  const major = /\(PostgreSQL\) (\d+)/.exec(first?.output ?? '')?.[1];
  if (first?.code === 0 && second?.code === 0 && major !== undefined)
    return { initdb, postgres, major: Number(major) };
  reasons.push(first?.code === 0 ? (second?.output ?? '') : (first?.output ?? ''));
  return undefined;
}

function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new EmbeddedPostgresError(
      'postgres_binaries_missing',
      `The npm package ${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

async function packageVersion(packageFolder: string): Promise<string> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && 'version' in parsed)
      return String(parsed.version);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'postgres_binaries_missing',
      `There is no PostgreSQL package in ${packageFolder}: run npm ci, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  throw new EmbeddedPostgresError(
    'postgres_binaries_missing',
    `The package.json in ${packageFolder} names no version: run npm ci, or set DATABASE_URL.`,
  );
}
