import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { LastroClient, LastroError } from '@lastro/client';
import { adminKeyFile, ensureAdminKey, readAdminKey } from './admin-key.ts';
import { BankKeeper } from './bank-keeper.ts';
import type { ReadyMessage } from './bank-messages.ts';
import type { Context } from './context.ts';
import { openDatabaseSource, type DatabaseSource } from './database-source.ts';
import { CliError, exitCode } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import { fillBank, isFilled } from './fill-bank.ts';
import { SEED_MAX } from './flood/chance.ts';
import { showFlood } from './flood/flood-progress.ts';
import { floodTextsIn, type FloodTexts } from './flood/flood-texts.ts';
import { resultTable } from './flood/result-table.ts';
import type { SimulationReport } from './flood/simulation.ts';
import { simulateOrders } from './flood/simulations.ts';
import { languageOf } from './language.ts';
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
  /** By how much the data server and its business servers are moved from the world’s ports. */
  readonly dadosShift: number;
  readonly databaseUrl: string | undefined;
  readonly bootstrapKey: string | undefined;
  /** Orders sent to a bank that was just filled; 0: none. */
  readonly floodCount: number;
  readonly isJson: boolean;
}

/** Three business servers have the next ports. */
const dadosPortBounds = { min: 1, max: 65_532 };

const fillTimeoutMs = 60_000;
const floodCountDefault = 200;
const floodCountMax = 1_000_000;
const floodConcurrency = 50;

/** Throws a usage error for the first value that is not understood. */
export function readDemoSettings(flags: Flags, context: Context): DemoSettings {
  const settings = new Settings(flags, context);
  const [dadosPort] = defaults.classicPorts.dados;
  const isMoved = settings.given('pedidos-port') !== undefined;
  return {
    dataFolder: settings.folder('data', defaults.data),
    host: settings.host(),
    port: settings.port('port', defaults.port),
    pedidosPort: isMoved ? settings.port('pedidos-port', defaults.port) : undefined,
    dadosShift: settings.integer('dados-port', dadosPort, dadosPortBounds) - dadosPort,
    databaseUrl: settings.databaseUrl(),
    bootstrapKey: settings.bootstrapKey(),
    floodCount: settings.integer('flood', floodCountDefault, { min: 0, max: floodCountMax }),
    isJson: settings.output() === 'json',
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
    .option('--dados-port <n>', texts.flags.dadosPort)
    .option('--database-url <url>', texts.flags.databaseUrl)
    .option('--flood <n>', texts.flags.flood)
    .option('--output <format>', texts.flags.output)
    .addHelpText('after', texts.after)
    .action(async (_options, command: Command) => {
      finish(await new Demo(readDemoSettings(flagsOf(command), context), context).run());
    });
}

/** The parent of the demo's banks: it owns their PostgreSQL, starts them, fills them and keeps them running. */
class Demo {
  readonly #settings: DemoSettings;
  readonly #context: Context;
  readonly #floodTexts: FloodTexts;
  /** Takes what a person wants to see while it happens. */
  readonly #out: NodeJS.WriteStream;
  readonly #progress: Progress;
  readonly #floods: SimulationReport[] = [];
  readonly #keepers: BankKeeper[] = [];
  readonly #stop: StopRequest;
  #source: DatabaseSource | undefined;

  constructor(settings: DemoSettings, context: Context) {
    this.#settings = settings;
    this.#context = context;
    this.#floodTexts = floodTextsIn(languageOf(context.env));
    this.#out = settings.isJson ? process.stderr : context.stdout;
    this.#progress = new Progress(this.#out);
    this.#stop = listenForStop(() => {
      for (const keeper of this.#keepers) keeper.kill();
    });
  }

  /** Serves until asked to stop. Rejects with `CliError`; nothing runs then. */
  async run(): Promise<number> {
    const { texts } = this.#context;
    try {
      await this.#start();
      const failure = await Promise.race([this.#stop.asked, this.#failure()]);
      if (failure !== undefined) throw failure;
    } catch (error) {
      if (!this.#stop.signal.aborted) throw explainFailure(error, texts);
    } finally {
      if (this.#stop.signal.aborted) this.#out.write(`${texts.stopping}\n`);
      await this.#end();
    }
    return exitCode.done;
  }

  async #start(): Promise<void> {
    const { texts } = this.#context;
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
      await this.#populate(bank, ready.url, key);
    }
    this.#stop.signal.throwIfAborted();
    this.#announce(world);
  }

  #announce(world: readonly WorldBank[]): void {
    const { texts, stdout } = this.#context;
    const { dataFolder, databaseUrl, isJson } = this.#settings;
    const keyFile =
      this.#settings.bootstrapKey === undefined || databaseUrl === undefined
        ? adminKeyFile(dataFolder)
        : undefined;
    const banks = this.#keepers.map(({ ready }, index) => ({
      ...ready,
      id: world[index]?.id ?? '',
    }));
    stdout.write(
      isJson
        ? `${JSON.stringify({ banks, adminKeyFile: keyFile ?? null, floods: this.#floods })}\n`
        : texts.demoReady(banks, keyFile),
    );
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
    const { dataFolder, host, pedidosPort, dadosShift } = this.#settings;
    const { texts } = this.#context;
    const databaseUrl = await this.#source?.urlFor(bank.id);
    const classics = bank.classics.map(
      ({ surface, port: usual }) =>
        `${surface}=${surface === 'pedidos' ? (pedidosPort ?? usual) : usual + dadosShift}`,
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

  /** Puts people and goods into the bank; where they were not there before, a first flood follows. */
  async #populate(bank: WorldBank, url: string, key: string): Promise<void> {
    const { people, shop } = bank;
    const client = new LastroClient({ url, key, deadlineMs: fillTimeoutMs });
    try {
      const title = this.#context.texts.fillsBank(people.length, shop.goods.length);
      const isNew = await this.#progress.step(title, async () => {
        await client.readyz();
        const wasFilled = await isFilled(client, bank);
        await fillBank(client, bank);
        return !wasFilled;
      });
      if (isNew && this.#settings.floodCount > 0) await this.#floodOnce(client, url);
    } finally {
      await client.close();
    }
  }

  /** A flood that fails is no reason for the demo to end. */
  async #floodOnce(client: LastroClient, url: string): Promise<void> {
    try {
      await this.#flood(client, url);
    } catch (error) {
      if (!(error instanceof LastroError)) throw error;
      this.#progress.warn(this.#floodTexts.floodFailed(error.message));
    }
  }

  async #flood(client: LastroClient, url: string): Promise<void> {
    const texts = this.#floodTexts;
    const count = this.#settings.floodCount;
    const simulated = await simulateOrders(
      {
        client,
        url,
        count,
        concurrency: floodConcurrency,
        seed: randomInt(SEED_MAX + 1),
        signal: this.#stop.signal,
        show: (tally) => showFlood(this.#out, texts, tally, count),
      },
      0,
    );
    if (simulated === undefined) return;
    const { report, failure } = simulated;
    this.#floods.push(report);
    this.#out.write(`\n${resultTable(report, texts)}`);
    if (failure !== undefined) throw failure;
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

/** What has no flag, so that only the environment can say it. */
const handedOn: readonly string[] = ['LASTRO_BOOTSTRAP_KEY', 'LASTRO_DADOS_TOKENS'];

/** Ours without the settings that we give as arguments: what the parent was told is not for the child. */
function childEnvironment(
  env: NodeJS.ProcessEnv,
  databaseUrl: string | undefined,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('LASTRO_') || handedOn.includes(name),
  );
  return { ...Object.fromEntries(kept), DATABASE_URL: databaseUrl };
}
