import type { PeerLimit } from '@lastro/contract';
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { CliError, exitCode } from './exit-code.ts';
import { languageOf } from './language.ts';
import { readAccount, readAmount, readLimits, readPublicKeys } from './peers/peer-values.ts';
import { peersTextsIn, type PeersTexts } from './peers/peers-texts.ts';
import type { PeersAction } from './peers/run-peers.ts';
import { flagsOf } from './serve.ts';
import { defaults, Settings, type Flags } from './settings.ts';

/** Where the bank is whose peers are managed. */
export interface PeersSettings {
  readonly url: string;
  readonly keyFile: string;
  readonly isJson: boolean;
}

type Finish = (code: number) => void;

const WAIT_SECONDS_DEFAULT = 60;
const WAIT_SECONDS_MAX = 3_600;
const IN_FLIGHT_MAX = 10_000;

export function registerPeers(program: Command, context: Context, finish: Finish): void {
  const texts = peersTextsIn(languageOf(context.env));
  const peers = program
    .command('peers')
    .summary(texts.summary)
    .description(texts.description)
    .addHelpText('after', texts.after);
  const run = async (settings: Settings, action: PeersAction) => {
    const { runPeers } = await import('./peers/run-peers.ts');
    finish(await runPeers(action, readPeersSettings(settings), context, texts));
  };
  registerReading(peers, context, texts, run);
  registerAdding(peers, context, texts, run);
  registerLimit(peers, context, texts, run);
  registerSettle(peers, context, texts, run);
  registerRotate(peers, context, texts, run);
  for (const command of peers.commands) {
    command
      .option('--url <url>', texts.flags.url)
      .option('--key-file <path>', texts.flags.keyFile)
      .option('--output <format>', texts.flags.output);
  }
}

type Run = (settings: Settings, action: PeersAction) => Promise<void>;

function registerReading(peers: Command, context: Context, texts: PeersTexts, run: Run): void {
  peers
    .command('list')
    .summary(texts.list.summary)
    .description(texts.list.description)
    .addHelpText('after', texts.list.after)
    .action(async (_options, command: Command) => {
      await run(new Settings(flagsOf(command), context), { verb: 'list' });
    });
  for (const verb of ['position', 'remove'] as const) {
    peers
      .command(verb)
      .summary(texts[verb].summary)
      .description(texts[verb].description)
      .argument('<bank>', texts.bank)
      .addHelpText('after', texts[verb].after)
      .action(async (bank: string, _options, command: Command) => {
        const settings = withBank(bank, flagsOf(command), context);
        await run(settings, { verb, bank: settings.bank() });
      });
  }
}

function registerAdding(peers: Command, context: Context, texts: PeersTexts, run: Run): void {
  const { add } = texts;
  peers
    .command('add')
    .summary(add.summary)
    .description(add.description)
    .argument('<bank>', texts.bank)
    .option('--peer-url <url>', add.flags.peerUrl)
    .option('--peer-key <keys>', add.flags.peerKey)
    .option('--limit <limits>', add.flags.limit)
    .option('--revoke', add.flags.revoke)
    .addHelpText('after', add.after)
    .action(async (bank: string, _options, command: Command) => {
      const flags = flagsOf(command);
      const settings = withBank(bank, flags, context);
      const peerUrl =
        flags['peer-url'] === undefined ? undefined : settings.httpUrl('peer-url', '');
      await run(settings, {
        verb: 'add',
        peer: {
          bank: settings.bank(),
          ...(peerUrl === undefined ? {} : { url: peerUrl }),
          ...keysOf(flags['peer-key'], texts),
          ...(flags['revoke'] === 'true' ? { revoke: true } : {}),
          ...limitsOf(readLimits('--limit', flags['limit'], 'exposure', texts)),
        },
      });
    });
}

function registerLimit(peers: Command, context: Context, texts: PeersTexts, run: Run): void {
  const { limit } = texts;
  peers
    .command('limit')
    .summary(limit.summary)
    .description(limit.description)
    .argument('<bank>', texts.bank)
    .argument('[limits...]', texts.limitsArgument)
    .option('--in-flight <limits>', limit.flags.inFlight)
    .option('--in-flight-max <n>', limit.flags.inFlightMax)
    .addHelpText('after', limit.after)
    .action(async (bank: string, limits: readonly string[], _options, command: Command) => {
      const flags = flagsOf(command);
      const settings = withBank(bank, flags, context);
      const exposures = limits.flatMap((text) => readLimits('<limits>', text, 'exposure', texts));
      const inFlight = readLimits('--in-flight', flags['in-flight'], 'inFlight', texts);
      const isBounded = flags['in-flight-max'] !== undefined;
      const change = {
        ...limitsOf([...exposures, ...inFlight]),
        ...(isBounded
          ? { inFlightMax: settings.integer('in-flight-max', 1, { min: 1, max: IN_FLIGHT_MAX }) }
          : {}),
      };
      if (Object.keys(change).length === 0) throw new CliError(exitCode.usage, texts.noLimit);
      await run(settings, { verb: 'limit', bank: settings.bank(), change });
    });
}

function registerSettle(peers: Command, context: Context, texts: PeersTexts, run: Run): void {
  const { settle } = texts;
  peers
    .command('settle')
    .summary(settle.summary)
    .description(settle.description)
    .argument('<bank>', texts.bank)
    .argument('<amount>', texts.amountArgument)
    .option('--account <id>', settle.flags.account)
    .option('--peer-account <id>', settle.flags.peerAccount)
    .option('--consent <id>', settle.flags.consent)
    .option('--id <id>', settle.flags.id)
    .addHelpText('after', settle.after)
    .action(async (bank: string, amount: string, _options, command: Command) => {
      const flags = flagsOf(command);
      const settings = withBank(bank, flags, context);
      const { consent, id } = flags;
      const settlement = {
        ...(id === undefined ? {} : { id }),
        ...readAmount(amount, texts),
        account: readAccount(flags['account'], texts),
        peerAccount: readAccount(flags['peer-account'], texts),
        ...(consent === undefined ? {} : { consent }),
      };
      await run(settings, { verb: 'settle', bank: settings.bank(), settlement });
    });
}

function registerRotate(peers: Command, context: Context, texts: PeersTexts, run: Run): void {
  const { rotate } = texts;
  peers
    .command('rotate')
    .summary(rotate.summary)
    .description(rotate.description)
    .option('--retire', rotate.flags.retire)
    .option('--force', rotate.flags.force)
    .option('--wait <seconds>', rotate.flags.wait)
    .addHelpText('after', rotate.after)
    .action(async (_options, command: Command) => {
      const flags = flagsOf(command);
      const settings = new Settings(flags, context);
      const waitSeconds = settings.integer('wait', WAIT_SECONDS_DEFAULT, {
        min: 0,
        max: WAIT_SECONDS_MAX,
      });
      const [retire, force] = [flags['retire'] === 'true', flags['force'] === 'true'];
      await run(settings, { verb: 'rotate', retire, force, waitSeconds });
    });
}

/** The bank is an argument here, never a variable: `LASTRO_BANK` is the bank's own id. */
function withBank(bank: string, flags: Flags, context: Context): Settings {
  return new Settings({ ...flags, bank }, context, ['bank']);
}

function readPeersSettings(settings: Settings): PeersSettings {
  return {
    url: settings.httpUrl('url', `http://${defaults.host}:${defaults.port}`),
    keyFile: settings.folder('key-file', `${defaults.data}/admin-key`),
    isJson: settings.output() === 'json',
  };
}

function keysOf(text: string | undefined, texts: PeersTexts): { readonly keys?: string[] } {
  return text === undefined ? {} : { keys: readPublicKeys('--peer-key', text, texts) };
}

function limitsOf(limits: readonly PeerLimit[]): { readonly limits?: PeerLimit[] } {
  return limits.length === 0 ? {} : { limits: [...limits] };
}
