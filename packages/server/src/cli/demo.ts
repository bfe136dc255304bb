import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { LastroClient } from '@lastro/client';
import { adminKeyFile, ensureAdminKey, readAdminKey } from './admin-key.ts';
import { BankKeeper } from './bank-keeper.ts';
import type { ReadyMessage } from './bank-messages.ts';
import type { Context } from './context.ts';
import { openDatabaseSource, type DatabaseSource } from './database-source.ts';
import { CliError, exitCode } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import { fillBank } from './fill-bank.ts';
import { Progress } from './progress.ts';
import { flagsOf } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';
import { readWorld, type WorldBank } from './world.ts';

/** What `lastro demo` was asked for. */
export interface DemoSettings {
  readonly dataFolder: string;
  readonly host: string;
  /** Of the first bank; the next ones follow. */
  readonly port: number;
  /** Instead of the world's. */
  readonly pedidosPort: number | undefined;
  readonly databaseUrl: string | undefined;
  readonly bootstrapKey: string | undefined;
}

const fillTimeoutMs = 60_000;

/** Throws a usage error for the first value that is not understood. */
export function readDemoSettings(flags: Flags, context: Context): DemoSettings {
  const settings = new Settings(flags, context);
  const isMoved = settings.given('pedidos-port') !== undefined;
  return {
    dataFolder: settings.folder('data', defaults.data),
    host: settings.host(),
    port: settings.port('port', defaults.port),
    pedidosPort: isMoved ? settings.port('pedidos-port', defaults.port) : undefined,
    databaseUrl: settings.databaseUrl(),
    bootstrapKey: settings.bootstrapKey(),
  };
}

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
    .option('--pedidos-port <n>', texts.flags.pedidosPort)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .addHelpText('after', texts.after)
    .action(async (_options, command: Command) => {
      finish(await new Demo(readDemoSettings(flagsOf(command), context), context).run());
    });
}

/** The parent of the demo's banks: it owns their PostgreSQL, starts them, fills them and keeps them running. */
class Demo {
  readonly #settings: DemoSettings;
  readonly #context: Context;
  readonly #progress: Progress;
  readonly #keepers: BankKeeper[] = [];
  readonly #stop: StopRequest;
  #source: DatabaseSource | undefined;

  constructor(settings: DemoSettings, context: Context) {
    this.#settings = settings;
    this.#context = context;
    this.#progress = new Progress(context.stdout);
    this.#stop = listenForStop(() => {
      for (const keeper of this.#keepers) keeper.kill();
    });
  }

  /** Serves until asked to stop. Rejects with `CliError`; nothing runs then. */
  async run(): Promise<number> {
    const { texts, stdout } = this.#context;
    try {
      await this.#start();
      const failure = await Promise.race([this.#stop.asked, this.#failure()]);
      if (failure !== undefined) throw failure;
    } catch (error) {
      if (!this.#stop.signal.aborted) throw explainFailure(error, texts);
    } finally {
      if (this.#stop.signal.aborted) stdout.write(`${texts.stopping}\n`);
      await this.#end();
    }
    return exitCode.done;
  }

  async #start(): Promise<void> {
    const { texts, stdout } = this.#context;
    const { dataFolder, databaseUrl } = this.#settings;
    const world = readWorld();
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const key = await this.#adminKey();
    const openSource = () =>
      openDatabaseSource({
        folder: join(dataFolder, 'postgres'),
        databaseUrl,
        onLog: () => {},
        signal: this.#stop.signal,
        texts,
      });
    if (databaseUrl === undefined) {
      this.#source = await this.#progress.step(texts.startsPostgres, openSource);
    } else {
      this.#source = await openSource();
      const { host, pathname } = new URL(databaseUrl);
      this.#progress.line(texts.usesPostgres(host + pathname));
    }
    for (const [index, bank] of world.entries()) {
      const start = () => this.#startBank(bank, this.#settings.port + index);
      const ready = await this.#progress.step(texts.startsBank(bank.id), start);
      this.#reportOffClassics(ready);
      await this.#progress.step(texts.fillsBank(bank.people.length, bank.shop.goods.length), () =>
        this.#fill(bank, ready.url, key),
      );
    }
    const keyFile =
      this.#settings.bootstrapKey === undefined || databaseUrl === undefined
        ? adminKeyFile(dataFolder)
        : undefined;
    const banks = this.#keepers.map(({ ready }, index) => ({
      ...ready,
      id: world[index]?.id ?? '',
    }));
    stdout.write(texts.demoReady(banks, keyFile));
  }

  /** The key that fills the banks; made before any of them starts, so that all share it. */
  async #adminKey(): Promise<string> {
    const { bootstrapKey, databaseUrl, dataFolder } = this.#settings;
    const path = adminKeyFile(dataFolder);
    if (bootstrapKey === undefined || databaseUrl === undefined) {
      return ensureAdminKey(path, this.#context.texts);
    }
    return (await readAdminKey(path, this.#context.texts)) ?? bootstrapKey;
  }

  async #startBank(bank: WorldBank, port: number): Promise<ReadyMessage> {
    const { dataFolder, host, pedidosPort } = this.#settings;
    const { texts } = this.#context;
    const databaseUrl = await this.#source?.urlFor(bank.id);
    const classics = bank.classics.map(
      (classic) => `${classic.surface}=${pedidosPort ?? classic.port}`,
    );
    const given = {
      bank: bank.id,
      data: dataFolder,
      host,
      port: String(port),
      classic: classics.join(),
      'log-level': 'warn',
    };
    const args = Object.entries(given)
      .filter(([, value]) => value !== '')
      .map(([flag, value]) => `--${flag}=${value}`);
    const keeper = await BankKeeper.start(
      {
        bank: bank.id,
        args,
        env: childEnvironment(this.#context.env, databaseUrl),
        logFile: join(dataFolder, `${bank.id}.log`),
        texts,
      },
      {
        onEnd: (id, how) => this.#progress.warn(texts.bankRestarts(id, how)),
        onReady: (id, ready) => this.#progress.line(texts.bankIsBack(id, ready.url)),
      },
      this.#stop.signal,
    );
    this.#keepers.push(keeper);
    return keeper.ready;
  }

  #reportOffClassics({ classics }: ReadyMessage): void {
    for (const { surface, port, url } of classics) {
      if (url === null) this.#progress.warn(this.#context.texts.classicOff(surface, port));
    }
  }

  async #fill(bank: WorldBank, url: string, key: string): Promise<void> {
    const client = new LastroClient({ url, key, deadlineMs: fillTimeoutMs });
    try {
      await client.readyz();
      await fillBank(client, bank);
    } finally {
      await client.close();
    }
  }

  /** Resolves to what ends the demo without being asked. */
  async #failure(): Promise<CliError> {
    const { texts } = this.#context;
    const lost = async (
      failed: Promise<Error> | undefined,
      sentence: (reason: string) => string,
    ) => {
      const cause = await (failed ?? new Promise<never>(() => {}));
      return new CliError(exitCode.failed, sentence(cause.message), { cause });
    };
    return Promise.race([
      lost(this.#source?.failed, texts.postgresLost),
      ...this.#keepers.map(({ failed }) => lost(failed, texts.bankLost)),
    ]);
  }

  /** Banks first, for they drain into PostgreSQL. */
  async #end(): Promise<void> {
    await Promise.all(this.#keepers.map((keeper) => keeper.stop()));
    await this.#source?.stop();
    this.#stop.dispose();
  }
}

/** Ours without the settings that we give as arguments: what the parent was told is not for the child. */
function childEnvironment(
  env: NodeJS.ProcessEnv,
  databaseUrl: string | undefined,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('LASTRO_') || name === 'LASTRO_BOOTSTRAP_KEY',
  );
  return { ...Object.fromEntries(kept), DATABASE_URL: databaseUrl };
}
