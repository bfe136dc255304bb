import type { Command } from 'commander';
import { LastroClient } from '@lastro/client';
import { readAdminKey } from './admin-key.ts';
import type { Context } from './context.ts';
import { CliError, exitCode } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import { fillBank } from './fill-bank.ts';
import { flagsOf } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';
import { goodsOf, readWorld, type WorldBank } from './world.ts';

/** What `lastro seed` was asked for. */
export interface SeedSettings {
  readonly url: string;
  readonly keyFile: string;
  /** Whose people and goods. */
  readonly bank: WorldBank;
  readonly isJson: boolean;
}

const seedTimeoutMs = 30_000;

/** Throws a usage error for the first value that is not understood. */
export function readSeedSettings(flags: Flags, context: Context): SeedSettings {
  const settings = new Settings(flags, context);
  return {
    url: settings.httpUrl('url', `http://${defaults.host}:${defaults.port}`),
    keyFile: settings.folder('key-file', `${defaults.data}/admin-key`),
    bank: bankOfWorld(settings, context),
    isJson: settings.output() === 'json',
  };
}

/** One of the world's banks by its id; the first unless given. */
function bankOfWorld(settings: Settings, context: Context): WorldBank {
  const world = readWorld();
  const [first] = world;
  if (first === undefined) throw new Error('the world has no bank');
  const given = settings.given('as');
  if (given === undefined) return first;
  const bank = world.find(({ id }) => id === given.text);
  if (bank !== undefined) return bank;
  const ids = world.map(({ id }) => id);
  throw new CliError(exitCode.usage, context.texts.badWorldBank(given.name, given.text, ids));
}

export function registerSeed(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  const { seed: texts } = context.texts.commands;
  program
    .command('seed')
    .summary(texts.summary)
    .description(texts.description)
    .option('--url <url>', texts.flags.url)
    .option('--key-file <path>', texts.flags.keyFile)
    .option('--as <bank>', texts.flags.as)
    .option('--output <format>', texts.flags.output)
    .addHelpText('after', texts.after)
    .action(async (_options, command: Command) => {
      finish(await seed(readSeedSettings(flagsOf(command), context), context));
    });
}

/** Fills a bank that runs. Rejects with `CliError`. */
async function seed(settings: SeedSettings, context: Context): Promise<number> {
  const { url, keyFile, bank, isJson } = settings;
  const { texts, stdout } = context;
  const key = await readAdminKey(keyFile, texts);
  if (key === undefined) throw new CliError(exitCode.failed, texts.noKeyFile(keyFile));
  const client = new LastroClient({ url, key, deadlineMs: seedTimeoutMs });
  try {
    await fillBank(client, bank);
  } catch (error) {
    throw explainFailure(error, texts);
  } finally {
    await client.close();
  }
  const [customers, products] = [bank.people.length, goodsOf(bank).length];
  const said = isJson
    ? JSON.stringify({ url, customers, products })
    : texts.filled(customers, products, url);
  stdout.write(`${said}\n`);
  return exitCode.done;
}
