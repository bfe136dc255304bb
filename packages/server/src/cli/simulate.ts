import { randomInt } from 'node:crypto';
import process from 'node:process';
import { LastroClient } from '@lastro/client';
import type { Command } from 'commander';
import { readAdminKey } from './admin-key.ts';
import type { Context } from './context.ts';
import { CliError, exitCode } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import { SEED_MAX } from './flood/chance.ts';
import { showFlood } from './flood/flood-progress.ts';
import { floodTextsIn, type FloodTexts } from './flood/flood-texts.ts';
import { resultTable } from './flood/result-table.ts';
import type { Simulated } from './flood/simulation.ts';
import { simulateOrders, simulateTransfers, type SimulationRequest } from './flood/simulations.ts';
import { languageOf } from './language.ts';
import { flagsOf } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';
import { listenForStop } from './stop-request.ts';

/** How `lastro simulate` ends; a usage error is 2 as everywhere. */
const simulateExitCode = { sound: 0, broken: 1, notDone: 3 } as const;

const COUNT_MAX = 1_000_000_000;
const CONCURRENCY_MAX = 1_000;
const ACCOUNTS_MAX = 10_000;
const READY_DEADLINE_MS = 5_000;

/** What both `lastro simulate` commands were asked for. */
export interface SimulateSettings {
  readonly url: string;
  readonly keyFile: string;
  readonly count: number;
  readonly concurrency: number;
  readonly seed: number;
  readonly isJson: boolean;
}

/** Throws a usage error for the first value that is not understood. */
export function readSimulateSettings(settings: Settings): SimulateSettings {
  return {
    url: settings.httpUrl('url', `http://${defaults.host}:${defaults.port}`),
    keyFile: settings.folder('key-file', `${defaults.data}/admin-key`),
    count: settings.integer('count', 1_000, { min: 1, max: COUNT_MAX }),
    concurrency: settings.integer('concurrency', 50, { min: 1, max: CONCURRENCY_MAX }),
    seed: settings.integer('seed', randomInt(SEED_MAX + 1), { min: 0, max: SEED_MAX }),
    isJson: settings.output() === 'json',
  };
}

export function registerSimulate(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const texts = floodTextsIn(languageOf(context.env));
  const settingsOf = (flags: Flags) => new Settings(flags, context);
  const simulate = program.command('simulate').summary(texts.summary).description(texts.summary);
  const orders = simulate
    .command('orders')
    .option('--count <n>', texts.flags.count)
    .option('--concurrency <n>', texts.flags.concurrency)
    .option('--hot-product <share>', texts.flags.hotProduct)
    .action(async (_options, command: Command) => {
      const settings = settingsOf(flagsOf(command));
      const hotShare = settings.share('hot-product');
      const run = (request: SimulationRequest) => simulateOrders(request, hotShare);
      finish(await runSimulation(readSimulateSettings(settings), context, texts, run));
    });
  const transfers = simulate
    .command('transfers')
    .option('--count <n>', texts.flags.count)
    .option('--concurrency <n>', texts.flags.concurrency)
    .option('--accounts <n>', texts.flags.accounts)
    .action(async (_options, command: Command) => {
      const settings = settingsOf(flagsOf(command));
      const accounts = settings.integer('accounts', 100, { min: 2, max: ACCOUNTS_MAX });
      const run = (request: SimulationRequest) => simulateTransfers(request, accounts);
      finish(await runSimulation(readSimulateSettings(settings), context, texts, run));
    });
  for (const [command, words] of [
    [orders, texts.orders],
    [transfers, texts.transfers],
  ] as const) {
    command
      .summary(words.summary)
      .description(words.description)
      .option('--url <url>', texts.flags.url)
      .option('--key-file <path>', texts.flags.keyFile)
      .option('--seed <n>', texts.flags.seed)
      .option('--output <format>', texts.flags.output)
      .addHelpText('after', texts.after);
  }
}

/** Runs one simulation and says what it found; resolves to the exit code. Rejects with `CliError`. */
async function runSimulation(
  settings: SimulateSettings,
  context: Context,
  texts: FloodTexts,
  run: (request: SimulationRequest) => Promise<Simulated | undefined>,
): Promise<number> {
  try {
    const simulated = await runWithClient(settings, context, texts, run);
    if (simulated === undefined) throw new CliError(exitCode.failed, texts.nothingToOrder);
    const { report, failure } = simulated;
    context.stdout.write(
      settings.isJson ? `${JSON.stringify(report, null, 2)}\n` : resultTable(report, texts),
    );
    if (report.books?.ok === false) return simulateExitCode.broken;
    if (failure !== undefined) throw failure;
    return simulateExitCode.sound;
  } catch (error) {
    const failure = explainFailure(error, context.texts);
    throw new CliError(simulateExitCode.notDone, failure.message, { cause: error });
  }
}

async function runWithClient(
  settings: SimulateSettings,
  context: Context,
  texts: FloodTexts,
  run: (request: SimulationRequest) => Promise<Simulated | undefined>,
): Promise<Simulated | undefined> {
  const { url, keyFile, concurrency, isJson, ...drawn } = settings;
  const key = await readAdminKey(keyFile, context.texts);
  if (key === undefined) throw new CliError(exitCode.failed, context.texts.noKeyFile(keyFile));
  const language = languageOf(context.env) === 'pt' ? 'pt-BR' : 'en';
  const client = new LastroClient({ url, key, language, connectionsMax: concurrency });
  const stop = listenForStop();
  try {
    await client.readyz({ deadlineMs: READY_DEADLINE_MS });
    return await run({
      ...drawn,
      client,
      url,
      concurrency,
      signal: stop.signal,
      show: (tally) =>
        // Whoever reads JSON wants nothing else, unless a person watches.
        isJson && !process.stderr.isTTY
          ? () => {}
          : showFlood(process.stderr, texts, tally, drawn.count),
    });
  } finally {
    stop.dispose();
    await client.close();
  }
}
