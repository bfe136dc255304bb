import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Context } from './cli/context.ts';
import { endSoon, outliveReaders } from './cli/exit-guard.ts';
import { explainFailure } from './cli/explain-failure.ts';
import { boundHeapGrowth } from './cli/heap-growth.ts';
import { languageOf } from './cli/language.ts';
import { runProgram } from './cli/program.ts';
import { textsIn } from './cli/texts.ts';
import { armCrashPoint } from './store/crash-point.ts';

/**
 * The program `lastro`.
 * @param argv the arguments after the program's name
 * @returns the exit code; what went wrong was said on stderr
 */
export async function main(argv: readonly string[]): Promise<number> {
  boundHeapGrowth();
  outliveReaders();
  const context: Context = {
    env: process.env,
    workingFolder: process.cwd(),
    texts: textsIn(languageOf(process.env)),
    stdout: process.stdout,
    version: readVersion(),
  };
  const code = await runOrExplain(argv, context);
  // The channel to a parent would keep this process alive.
  if (process.connected) process.disconnect();
  endSoon(code);
  return code;
}

async function runOrExplain(argv: readonly string[], context: Context): Promise<number> {
  try {
    armCrashPoint(process.env['LASTRO_CRASH_AT']);
    return await runProgram(argv, context);
  } catch (error) {
    const failure = explainFailure(error, context.texts);
    process.stderr.write(`lastro: ${failure.message}\n`);
    return failure.exitCode;
  }
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const isRead = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isRead ? String(manifest.version) : '';
}
