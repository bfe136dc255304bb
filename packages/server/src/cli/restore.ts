import type { Command } from 'commander';
import { backupTextsIn } from './backup/backup-texts.ts';
import { readPlace, type BackupSettings } from './backup.ts';
import type { Context } from './context.ts';
import { languageOf } from './language.ts';
import { flagsOf } from './serve.ts';

/** What `lastro restore` was asked for; which bank it is the backup says. `file` undefined: standard input. */
export type RestoreSettings = Omit<BackupSettings, 'bank'>;

export function registerRestore(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const { restore: texts } = backupTextsIn(languageOf(context.env));
  program
    .command('restore')
    .summary(texts.summary)
    .description(texts.description)
    .argument('<file>', texts.argument)
    .option('--data <dir>', texts.flags.data)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .option('--output <format>', texts.flags.output)
    .addHelpText('after', texts.after)
    .action(async (file: string, _options, command: Command) => {
      const settings = readPlace(file, flagsOf(command), context);
      // Loaded only now, so that `--help` doesn't wait for it.
      const { restore } = await import('./backup/run-restore.ts');
      finish(await restore(settings, context));
    });
}
