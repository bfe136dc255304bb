import { Command, CommanderError } from 'commander';
import { registerClassic } from './classic.ts';
import { registerBackup } from './backup.ts';
import type { Context } from './context.ts';
import { registerDemo } from './demo.ts';
import { CliError, exitCode } from './exit-code.ts';
import { registerPeers } from './peers.ts';
import { registerRestore } from './restore.ts';
import { registerSeed } from './seed.ts';
import { registerServe } from './serve.ts';
import { registerSimulate } from './simulate.ts';
import { registerVerify } from './verify.ts';

/** Runs what the arguments (after the program's name) ask for; resolves to the exit code or rejects with `CliError`. */
export async function runProgram(argv: readonly string[], context: Context): Promise<number> {
  let code: number = exitCode.done;
  const program = buildProgram(context, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCode.done;
    // Help was shown because no command was named.
    if (error.code === 'commander.help') return exitCode.usage;
    throw new CliError(exitCode.usage, sentenceOf(error, context), { cause: error });
  }
}

function buildProgram(context: Context, finish: (code: number) => void): Command {
  const { texts, version, stdout } = context;
  const program = new Command('lastro')
    .description(texts.program.description)
    .version(version, '-V, --version', texts.program.version)
    .helpOption('-h, --help', texts.program.help)
    .helpCommand('help [command]', texts.program.helpCommand)
    .configureHelp({ styleTitle: (title) => texts.program.titles[title] ?? title })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // Every complaint becomes the one sentence that `main` writes; help for no command is still shown.
      outputError: () => {},
    })
    .exitOverride()
    .addHelpText('after', texts.program.after);
  const registers = [
    registerDemo,
    registerServe,
    registerClassic,
    registerSeed,
    registerSimulate,
    registerPeers,
    registerVerify,
    registerBackup,
    registerRestore,
  ];
  for (const register of registers) register(program, context, finish);
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
    command.helpOption('-h, --help', texts.program.help);
  }
  return program;
}

function sentenceOf({ code, message }: CommanderError, { texts }: Context): string {
  const what = /'([^']+)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'commander.unknownOption':
      return texts.program.unknownOption(what);
    case 'commander.unknownCommand':
      return texts.program.unknownCommand(what);
    case 'commander.optionMissingArgument':
      return texts.program.missingValue(what);
    case 'commander.missingArgument':
      return texts.program.missingArgument(what);
    case 'commander.excessArguments':
      return texts.program.excessArguments;
    default:
      return message.replace(/^error: /, '');
  }
}
