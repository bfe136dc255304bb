import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { adminKeyFile, ensureAdminKey, readAdminKey } from '../admin-key.ts';
import type { BankKeeper, BankKeeperEvents } from '../bank-keeper.ts';
import type { ReadyMessage } from '../bank-messages.ts';
import type { Context } from '../context.ts';
import { openDatabaseSource, type DatabaseSource } from '../database-source.ts';
import { CliError, exitCode } from '../exit-code.ts';
import { explainFailure } from '../explain-failure.ts';
import { Progress } from '../progress.ts';
import { listenForStop, type StopRequest } from '../stop-request.ts';
import { goodsOf, readWorld, type WorldBank } from '../world.ts';
import { bankOptions } from './bank-options.ts';
import { closeBanks, openBanks } from './demo-bank.ts';
import type { DemoSettings } from './demo-settings.ts';
import { fillBanks } from './fill-banks.ts';
import { FirstFloods } from './first-floods.ts';
import { refuseTakenPorts } from './free-ports.ts';
import { joinBanks } from './join-banks.ts';
import { neighbourDatabases } from './neighbour-databases.ts';
import { startBanks } from './start-banks.ts';

/** No bank can be called so. */
const registerDatabase = 'lastro_register';

/** The parent of the demo's banks: it owns their PostgreSQL, starts them, fills them and keeps them running. */
export class Demo {
  readonly #settings: DemoSettings;
  readonly #context: Context;
  /** Takes what a person wants to see while it happens. */
  readonly #out: NodeJS.WriteStream;
  readonly #progress: Progress;
  readonly #stop: StopRequest;
  readonly #world = readWorld();
  readonly #floods: FirstFloods;
  #keepers: readonly BankKeeper[] = [];
  #source: DatabaseSource | undefined;

  constructor(settings: DemoSettings, context: Context) {
    this.#settings = settings;
    this.#context = context;
    this.#out = settings.isJson ? process.stderr : context.stdout;
    this.#progress = new Progress(this.#out);
    this.#stop = listenForStop(() => {
      for (const keeper of this.#keepers) keeper.kill();
    });
    this.#floods = new FirstFloods({
      count: settings.floodCount,
      out: this.#out,
      progress: this.#progress,
      signal: this.#stop.signal,
      env: context.env,
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
    const { dataFolder } = this.#settings;
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const key = await this.#adminKey();
    this.#source = await this.#openDatabases();
    await this.#startBanks(this.#source);
    const banks = openBanks(this.#world, this.#keepers, key);
    try {
      const people = this.#world.flatMap((bank) => bank.people).length;
      const goods = this.#world.flatMap(goodsOf).length;
      const fill = () => fillBanks(banks);
      const newBanks = await this.#progress.step(texts.fillsBanks(people, goods), fill);
      await this.#progress.step(texts.joinsBanks(this.#ids()), () => joinBanks(banks));
      await this.#floods.run(banks, newBanks);
    } finally {
      await closeBanks(banks);
    }
    this.#stop.signal.throwIfAborted();
    this.#announce();
  }

  #ids(): readonly string[] {
    return this.#world.map(({ id }) => id);
  }

  #portOf(index: number): number {
    return this.#settings.port + index;
  }

  async #openDatabases(): Promise<DatabaseSource> {
    const { texts } = this.#context;
    const { dataFolder, databaseUrl } = this.#settings;
    const [first] = this.#world;
    if (databaseUrl !== undefined && first !== undefined) {
      const { host, pathname } = new URL(databaseUrl);
      this.#progress.line(texts.usesPostgres(host + pathname));
      return neighbourDatabases(databaseUrl, first.id, texts);
    }
    return this.#progress.step(texts.startsPostgres, () =>
      openDatabaseSource({
        folder: join(dataFolder, 'postgres'),
        databaseUrl: undefined,
        onLog: () => {},
        signal: this.#stop.signal,
        texts,
      }),
    );
  }

  async #startBanks(source: DatabaseSource): Promise<void> {
    const { texts, env } = this.#context;
    const wanted = this.#world.map(({ id }, index) => ({ bank: id, port: this.#portOf(index) }));
    await refuseTakenPorts(this.#settings.host, wanted, texts);
    const start = async () => {
      const registerUrl = await source.urlFor(registerDatabase);
      const optionsOf = async (bank: WorldBank, index: number) =>
        bankOptions(bank, {
          settings: this.#settings,
          world: this.#world,
          env,
          texts,
          databaseUrl: await source.urlFor(bank.id),
          registerUrl,
          port: this.#portOf(index),
        });
      const options = await Promise.all(this.#world.map(optionsOf));
      return startBanks(options, this.#keeperEvents(), this.#stop.signal);
    };
    this.#keepers = await this.#progress.step(texts.startsBanks(this.#ids()), start);
    for (const { ready } of this.#keepers) this.#reportOffClassics(ready);
  }

  #keeperEvents(): BankKeeperEvents {
    const { texts } = this.#context;
    return {
      onEnd: (id, how) => this.#progress.warn(texts.bankRestarts(id, how)),
      onReady: (id, ready) => this.#progress.line(texts.bankIsBack(id, ready.url)),
    };
  }

  #reportOffClassics({ classics }: ReadyMessage): void {
    for (const { surface, port, url } of classics) {
      if (url === null) this.#progress.warn(this.#context.texts.classicOff(surface, port));
    }
  }

  #announce(): void {
    const { texts, stdout } = this.#context;
    const { dataFolder, databaseUrl, bootstrapKey, isJson } = this.#settings;
    const keyFile =
      bootstrapKey === undefined || databaseUrl === undefined
        ? adminKeyFile(dataFolder)
        : undefined;
    const banks = this.#keepers.map(({ bank, ready }) => ({ ...ready, id: bank }));
    stdout.write(
      isJson
        ? `${JSON.stringify({ banks, adminKeyFile: keyFile ?? null, floods: this.#floods.reports })}\n`
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
