import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { CliError, exitCode } from './exit-code.ts';
import { languageOf } from './language.ts';
import { flagsOf } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';
import { verifyTextsIn, type VerifyTexts } from './verify-texts.ts';

/** What `lastro verify` was asked for; paths are absolute. */
export interface VerifySettings {
  /** An exported journal; undefined: a database. */
  readonly file: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly dataFolder: string;
  readonly bank: string;
  readonly exportFile: string | undefined;
  readonly against: string | undefined;
  readonly keyFile: string | undefined;
  readonly isJson: boolean;
}

export function registerVerify(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const texts = verifyTextsIn(languageOf(context.env));
  program
    .command('verify')
    .summary(texts.summary)
    .description(texts.description)
    .argument('[file]', texts.argument)
    .option('--bank <id>', texts.flags.bank)
    .option('--data <dir>', texts.flags.data)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .option('--export <file>', texts.flags.export)
    .option('--against <file>', texts.flags.against)
    .option('--key <file>', texts.flags.key)
    .option('--output <format>', texts.flags.output)
    .addHelpText('after', texts.after)
    .action(async (file: string | undefined, _options, command: Command) => {
      const settings = readVerifySettings(file, flagsOf(command), context, texts);
      // Loaded only now, so that `--help` doesn't wait for it.
      const { verify } = await import('./run-verify.ts');
      finish(await verify(settings, context, texts));
    });
}

/** Throws a usage error for the first value that is not understood. */
function readVerifySettings(
  file: string | undefined,
  flags: Flags,
  context: Context,
  texts: VerifyTexts,
): VerifySettings {
  const settings = new Settings(flags, context);
  const forDatabase = ['export', 'data', 'bank', 'database-url'] as const;
  if (file !== undefined && forDatabase.some((flag) => flags[flag] !== undefined)) {
    throw new CliError(exitCode.usage, texts.fileAndDatabase);
  }
  const output = flags['output'] ?? 'text';
  if (output !== 'text' && output !== 'json') {
    throw new CliError(exitCode.usage, texts.badOutput(output));
  }
  const path = (text: string | undefined) =>
    text === undefined ? undefined : resolve(context.workingFolder, text);
  return {
    file: path(file),
    // A folder that was named beats the environment's database.
    databaseUrl:
      flags['data'] === undefined || flags['database-url'] !== undefined
        ? settings.databaseUrl()
        : undefined,
    dataFolder: settings.folder('data', defaults.data),
    bank: settings.bank(),
    exportFile: path(flags['export']),
    against: path(flags['against']),
    keyFile: path(flags['key']),
    isJson: output === 'json',
  };
}
