import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backupTextsIn } from './backup/backup-texts.ts';
import type { Context } from './context.ts';
import { languageOf } from './language.ts';
import { flagsOf } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';

/** What `lastro backup` was asked for. */
export interface BackupSettings {
  /** Absolute; undefined: standard output. */
  readonly file: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly dataFolder: string;
  readonly bank: string;
  readonly isJson: boolean;
}

export function registerBackup(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const { backup: texts } = backupTextsIn(languageOf(context.env));
  program
    .command('backup')
    .summary(texts.summary)
    .description(texts.description)
    .argument('<file>', texts.argument)
    .option('--bank <id>', texts.flags.bank)
    .option('--data <dir>', texts.flags.data)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .option('--output <format>', texts.flags.output)
    .addHelpText('after', texts.after)
    .action(async (file: string, _options, command: Command) => {
      const settings = readBackupSettings(file, flagsOf(command), context);
      // Loaded only now, so that `--help` doesn't wait for it.
      const { backUp } = await import('./backup/run-backup.ts');
      finish(await backUp(settings, context));
    });
}

/** Throws a usage error for the first value that is not understood. */
function readBackupSettings(file: string, flags: Flags, context: Context): BackupSettings {
  return { ...readPlace(file, flags, context), bank: new Settings(flags, context).bank() };
}

/** What `backup` and `restore` have in common. Throws a usage error. */
export function readPlace(
  file: string,
  flags: Flags,
  context: Context,
): Omit<BackupSettings, 'bank'> {
  const settings = new Settings(flags, context);
  return {
    file: file === '-' ? undefined : resolve(context.workingFolder, file),
    // A folder that was named beats the environment's database.
    databaseUrl:
      flags['data'] === undefined || flags['database-url'] !== undefined
        ? settings.databaseUrl()
        : undefined,
    dataFolder: settings.folder('data', defaults.data),
    isJson: settings.output() === 'json',
  };
}
