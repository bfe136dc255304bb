import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { pino, type Logger } from 'pino';
import type { BankOptions, RunningBank } from '../bank.ts';
import { adminKeyFile, ensureAdminKey, readAdminKey } from './admin-key.ts';
import type { ContasPeer } from '../classic/contas/index.ts';
import type { ClassicOption } from '../classic/surfaces.ts';
import { readRegisterTls } from '../consortium/register/register-tls.ts';
import { tellParent } from './bank-messages.ts';
import type { Context } from './context.ts';
import { openDatabaseSource } from './database-source.ts';
import { CliError, exitCode } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import {
  defaults,
  Settings,
  type ConsortiumSetting,
  type FeedSetting,
  type Flags,
  type LogLevel,
  type TlsSetting,
} from './settings.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';
import { readTls } from './tls-files.ts';

const stopTimeoutMs = 15_000;

/** What `lastro serve` was asked for. */
export interface ServeSettings {
  readonly bank: string;
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string | undefined;
  readonly bootstrapKey: string | undefined;
  readonly classics: readonly ClassicOption[];
  readonly feed: FeedSetting | undefined;
  readonly dadosTokens: readonly string[] | undefined;
  readonly lockSeconds?: number;
  readonly tls?: TlsSetting | undefined;
  readonly consortium?: ConsortiumSetting | undefined;
  readonly contasPeers?: readonly ContasPeer[] | undefined;
  readonly logLevel: LogLevel;
}

/** Throws a usage error for the first value that is not understood. */
export function readServeSettings(flags: Flags, context: Context): ServeSettings {
  const settings = new Settings(flags, context);
  const classics = settings.classics();
  const host = settings.host();
  const port = settings.port('port', defaults.port);
  const tls = settings.tls();
  settings.refuseOpenHost(host, tls);
  return {
    bank: settings.bank(),
    dataFolder: settings.folder('data', defaults.data),
    host,
    port,
    tls,
    consortium: settings.consortium(host, port, tls),
    databaseUrl: settings.databaseUrl(),
    bootstrapKey: settings.bootstrapKey(),
    classics,
    feed: settings.feed(classics),
    dadosTokens: settings.dadosTokens(),
    contasPeers: settings.contasPeers(),
    logLevel: settings.logLevel(),
  };
}

export function registerServe(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const { serve: texts } = context.texts.commands;
  program
    .command('serve')
    .summary(texts.summary)
    .description(texts.description)
    .option('--bank <id>', texts.flags.bank)
    .option('--data <dir>', texts.flags.data)
    .option('--port <n>', texts.flags.port)
    .option('--host <host>', texts.flags.host)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .option('--classic <list>', texts.flags.classic)
    .option('--contas-peers <list>', texts.flags.contasPeers)
    .option('--feed <url>', texts.flags.feed)
    .option('--every <seconds>', texts.flags.every)
    .option('--register <url>', texts.flags.register)
    .option('--register-ca <file>', texts.flags.registerCa)
    .option('--register-cert <file>', texts.flags.registerCert)
    .option('--register-key <file>', texts.flags.registerKey)
    .option('--public-url <url>', texts.flags.publicUrl)
    .option('--tls-cert <file>', texts.flags.tlsCert)
    .option('--tls-key <file>', texts.flags.tlsKey)
    .option('--insecure', texts.flags.insecure)
    .option('--log-level <level>', texts.flags.logLevel)
    .addHelpText('after', texts.after)
    .action(async (_options, command: Command) => {
      const flags = flagsOf(command);
      finish(await serve(readServeSettings(flags, context), context));
    });
}

/** A command's flags under their long names, as `Settings` wants them. */
export function flagsOf(command: Command): Flags {
  return Object.fromEntries(
    command.options.map((option): [string, string | undefined] => {
      const value: unknown = command.getOptionValue(option.attributeName());
      // A switch is there or not; its variable says the same in a word.
      if (value === true) return [option.name(), 'true'];
      return [option.name(), typeof value === 'string' ? value : undefined];
    }),
  );
}

/** Serves one bank until asked to stop. Rejects with `CliError`; nothing runs then. */
export async function serve(settings: ServeSettings, context: Context): Promise<number> {
  const stop = listenForStop();
  const log = pino({ level: settings.logLevel, base: { bank: settings.bank } });
  try {
    await serveUntilAsked(settings, context, stop, log);
    return exitCode.done;
  } catch (error) {
    if (stop.signal.aborted) return exitCode.done;
    const failure = explainFailure(error, context.texts);
    log.debug(
      { stack: failure.cause instanceof Error ? failure.cause.stack : undefined },
      'failed',
    );
    tellParent({ type: 'failed', message: failure.message });
    throw failure;
  } finally {
    stop.dispose();
  }
}

async function serveUntilAsked(
  settings: ServeSettings,
  context: Context,
  stop: StopRequest,
  log: Logger,
): Promise<void> {
  const { texts } = context;
  const adminKeys = await readAdminKeys(settings, context);
  const source = await openDatabaseSource({
    folder: join(settings.dataFolder, 'postgres'),
    databaseUrl: settings.databaseUrl,
    onLog: (message) => log.info({ postgres: message }, 'embedded PostgreSQL'),
    signal: stop.signal,
    texts,
  });
  try {
    const databaseUrl = await source.urlFor(settings.bank);
    const signingKeyFile = await ensuredSigningKey(settings, context);
    const running = await start({
      ...settings,
      databaseUrl,
      adminKeys,
      signingKeyFile,
      tls: await readTls(settings.tls, context.texts),
      consortium: await consortiumOf(settings, context),
      logFolder: settings.dataFolder,
      log,
    });
    try {
      announce(running, settings, context, log);
      const failure = await Promise.race([stop.asked, source.failed]);
      if (failure !== undefined) {
        throw new CliError(exitCode.failed, texts.postgresLost(failure.message), {
          cause: failure,
        });
      }
      log.info('stopping');
    } finally {
      await stopInTime(running, log);
    }
  } finally {
    await source.stop();
  }
}

/** The bank drains up to 10 s; what is not done a little later can't be (its database is gone, say). */
async function stopInTime(running: RunningBank, log: Logger): Promise<void> {
  const timer = new AbortController();
  const tooLate = sleep(stopTimeoutMs, 'too late', { signal: timer.signal }).catch(() => {});
  const how = await Promise.race([running.stop(), tooLate]);
  timer.abort();
  if (how !== undefined) log.warn(`not stopped within ${stopTimeoutMs} ms, going on without`);
}

/** The keys that are admin keys while this runs. The file is made unless both its uses are covered otherwise. */
async function readAdminKeys(
  { bootstrapKey, databaseUrl, dataFolder }: ServeSettings,
  { texts }: Context,
): Promise<BankOptions['adminKeys']> {
  const path = adminKeyFile(dataFolder);
  const isCovered = bootstrapKey !== undefined && databaseUrl !== undefined;
  const key = isCovered ? await readAdminKey(path, texts) : await ensureAdminKey(path, texts);
  return [
    ...(key === undefined ? [] : [{ principal: 'admin', key }]),
    ...(bootstrapKey === undefined ? [] : [{ principal: 'bootstrap', key: bootstrapKey }]),
  ];
}

/** The key that signs checkpoints: the operator's own, or one made at the first start. */
async function ensuredSigningKey(
  { bank, dataFolder }: ServeSettings,
  { env }: Context,
): Promise<string> {
  const given = env['LASTRO_SIGNING_KEY_FILE'];
  if (given !== undefined && given !== '') return given;
  const { ensureKeyFile } = await import('../store/key-file.ts');
  const file = join(dataFolder, 'keys', `${bank}.pem`);
  await ensureKeyFile(file);
  return file;
}

/** Where the bank's peers find it, and what it signs for them with. */
async function consortiumOf(
  { bank, dataFolder, consortium }: ServeSettings,
  { env }: Context,
): Promise<BankOptions['consortium']> {
  if (consortium === undefined) return undefined;
  const { register, ownAddress, registerTls } = consortium;
  const tls = registerTls === undefined ? undefined : await readRegisterTls(registerTls);
  const given = env['LASTRO_CONSORTIUM_KEY_FILE'];
  // Banks may share a data folder; no id of a bank has a dot.
  const own = join(dataFolder, 'keys', `${bank}.consortium.pem`);
  const keyFile = given === undefined || given === '' ? own : given;
  return { register, registerTls: tls, ownAddress, keyFile };
}

/** Loads the server only now, so that `--help` doesn't wait for it. */
async function start(options: BankOptions): Promise<RunningBank> {
  const [{ startBank }, { ListenError }] = await Promise.all([
    import('../bank.ts'),
    import('../http/listen.ts'),
  ]);
  try {
    return await startBank(options);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    throw new CliError(exitCode.failed, error.message, { cause: error });
  }
}

function announce(
  { url, classics }: RunningBank,
  { bank, dataFolder }: ServeSettings,
  { stdout, texts }: Context,
  log: Logger,
): void {
  log.info({ url, classics }, 'ready');
  tellParent({ type: 'ready', url, classics });
  if (stdout.isTTY) stdout.write(texts.serving(bank, url, adminKeyFile(dataFolder)));
}
