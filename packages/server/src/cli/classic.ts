import { join } from 'node:path';
import type { Command } from 'commander';
import { pino } from 'pino';
import { classicTextsIn, type ClassicTexts } from './classic-texts.ts';
import type { Context } from './context.ts';
import { CliError, exitCode } from './exit-code.ts';
import { languageOf } from './language.ts';
import { flagsOf, serve } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';
import { listenForStop } from './stop-request.ts';

/** The bank of a data server by itself, unless it is named. */
const DADOS_BANK = 'dados';

/** Those of a lease. */
const lockSecondsBounds = { min: 1, max: 600 };

export function registerClassic(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const texts = classicTextsIn(languageOf(context.env));
  const { flags } = context.texts.commands.serve;
  const classic = program.command('classic').summary(texts.summary).description(texts.description);
  classic
    .command('dados')
    .summary(texts.dados.summary)
    .description(texts.dados.description)
    .option('--port <n>', texts.dados.port)
    .option('--host <host>', flags.host)
    .option('--lock-seconds <n>', texts.dados.lockSeconds)
    .option('--bank <id>', flags.bank)
    .option('--data <dir>', flags.data)
    .option('--database-url <url>', flags.databaseUrl)
    .option('--log-level <level>', flags.logLevel)
    .addHelpText('after', texts.dados.after)
    .action(async (_options, command: Command) => {
      finish(await serveDados(flagsOf(command), context));
    });
  classic
    .command('negocio')
    .summary(texts.negocio.summary)
    .description(texts.negocio.description)
    .argument('<url>', texts.negocio.url)
    .argument('<port>', texts.negocio.port)
    .option('--host <host>', flags.host)
    .option('--log-folder <dir>', texts.negocio.logFolder)
    .option('--log-level <level>', flags.logLevel)
    .addHelpText('after', texts.negocio.after)
    .action(async (url: string, port: string, _options, command: Command) => {
      finish(await serveNegocio({ url, port, ...flagsOf(command) }, context, texts));
    });
}

/** A bank that shows its data server alone: the API listens on loopback, on any free port. */
function serveDados(flags: Flags, context: Context): Promise<number> {
  const settings = new Settings(flags, context);
  const port = settings.port('port', defaults.classicPorts.dados[0]);
  return serve(
    {
      bank: settings.given('bank') === undefined ? DADOS_BANK : settings.bank(),
      dataFolder: settings.folder('data', defaults.data),
      host: defaults.host,
      port: 0,
      databaseUrl: settings.databaseUrl(),
      bootstrapKey: settings.bootstrapKey(),
      classics: [{ surface: 'dados', port, host: settings.host(), mustListen: true }],
      feed: undefined,
      dadosTokens: settings.dadosTokens(),
      lockSeconds: settings.integer('lock-seconds', defaults.lockSeconds, lockSecondsBounds),
      logLevel: settings.logLevel(),
    },
    context,
  );
}

async function serveNegocio(flags: Flags, context: Context, texts: ClassicTexts): Promise<number> {
  const settings = new Settings(flags, context, ['url', 'port']);
  const dataUrl = settings.httpUrl('url', '');
  const port = settings.port('port', 0);
  const host = settings.host();
  const log = pino({ level: settings.logLevel(), base: { classic: 'negocio' } });
  const stop = listenForStop();
  try {
    const [{ createNegocio, openBusinessLog }, { listen, ListenError }] = await Promise.all([
      import('../classic/negocio/index.ts'),
      import('../http/listen.ts'),
    ]);
    const logFile = join(settings.folder('log-folder', '.'), 'business_server.log');
    const operations = await openBusinessLog(logFile, log);
    const server = createNegocio({ dataUrl, log, operations });
    try {
      const url = await listen(server.app, host, port);
      log.info({ url, dataUrl }, 'ready');
      if (context.stdout.isTTY) context.stdout.write(texts.serving('negocio', url));
      await stop.asked;
      log.info('stopping');
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      throw new CliError(exitCode.failed, error.message, { cause: error });
    } finally {
      await server.close();
      await operations.close();
    }
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
