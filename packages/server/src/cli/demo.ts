import type { Command } from 'commander';
import type { Context } from './context.ts';
import { Demo } from './demo/running-demo.ts';
import { readDemoSettings } from './demo/demo-settings.ts';
import { flagsOf } from './serve.ts';

export function registerDemo(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const { demo: texts } = context.texts.commands;
  program
    .command('demo')
    .summary(texts.summary)
    .description(texts.description)
    .option('--data <dir>', texts.flags.data)
    .option('--port <n>', texts.flags.port)
    .option('--host <host>', texts.flags.host)
    .option('--insecure', texts.flags.insecure)
    .option('--pedidos-port <n>', texts.flags.pedidosPort)
    .option('--dados-port <n>', texts.flags.dadosPort)
    .option('--contas-port <n>', texts.flags.contasPort)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .option('--flood <n>', texts.flags.flood)
    .option('--output <format>', texts.flags.output)
    .addHelpText('after', texts.after)
    .action(async (_options, command: Command) => {
      finish(await new Demo(readDemoSettings(flagsOf(command), context), context).run());
    });
}
