import { ACCOUNTS, CONNECTIONS } from '../lanes.ts';
import type { LoadRun } from '../generator/protocol.ts';
import type { AccountRange } from '../generator/traffic.ts';
import type { BenchOptions, GrowthOptions } from '../options.ts';
import { rateText } from '../report/figures.ts';
import { openBankSite, portOf, type BankSite, type Surroundings } from '../site/bank-site.ts';
import { memoryPeakBytes } from '../site/process-usage.ts';
import { ratioOf, spreadOf, type Spread } from '../statistics/spread.ts';
import { bankLedger } from './bank-ledger.ts';
import { complaintsOfBooks } from './books.ts';
import { measureLoad, type Measurement } from './measure-load.ts';
import type { Progress } from './progress.ts';

/** What single transfers lose as a bank grows. */
export interface Growth {
  readonly accounts: number;
  readonly transfers: number;
  readonly freshRate: Spread;
  readonly wideToFresh: Spread;
  readonly deepToFresh: Spread;
  /** Of the larger of the two grown servers, from its start through filling and measuring. */
  readonly memoryPeakMiB: number | null;
}

interface Parts {
  readonly around: Surroundings;
  readonly options: BenchOptions;
  readonly progress: Progress;
}

const NAMES = ['fresh', 'wide', 'deep'] as const;
type Name = (typeof NAMES)[number];

interface Contestant {
  readonly site: BankSite;
  readonly accounts: AccountRange;
  readonly rates: number[];
}

/** The history is written through the API, as everything else: batches of the largest size. */
const FILL_BATCH = 1_000;
const FILL_BATCHES_IN_FLIGHT = 8;
/** One call of the generator; between them the progress is told. */
const FILL_SLICE_BATCHES = 250;

/**
 * Three banks with databases of their own — fresh, with many accounts, with a long history — run the
 * single lane in turn. Adds to `complaints` what is wrong.
 */
export async function measureGrowth(
  size: GrowthOptions,
  parts: Parts,
  complaints: string[],
): Promise<Growth> {
  const { options, progress } = parts;
  const contestants = await openContestants(size, parts);
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const name of NAMES) {
      const { rate, complaints: wrong } = await measureOnce(contestants[name], parts);
      complaints.push(...wrong.map((complaint) => `growth, ${name}: ${complaint}`));
      // The first round only warms up.
      if (round > 0) contestants[name].rates.push(rate);
      const title = round === 0 ? 'rehearsal' : `round ${round} of ${options.rounds}`;
      progress.say(`growth, ${title} · ${name.padEnd(5)} ${rateText(rate).padStart(8)}/s`);
    }
  }
  const peaks = [contestants.wide, contestants.deep].flatMap(
    ({ site }) => memoryPeakBytes(site.bank.pid) ?? [],
  );
  for (const name of NAMES) {
    progress.show(`checking the books of the ${name} bank …`);
    const wrong = await complaintsOfBooks(contestants[name].site.databaseUrl);
    complaints.push(...wrong.map((complaint) => `growth, ${name}: ${complaint}`));
  }
  const { fresh, wide, deep } = contestants;
  return {
    ...size,
    freshRate: known(spreadOf(fresh.rates)),
    wideToFresh: known(ratioOf(wide.rates, fresh.rates)),
    deepToFresh: known(ratioOf(deep.rates, fresh.rates)),
    memoryPeakMiB: peaks.length === 0 ? null : Math.max(...peaks) / 1_048_576,
  };
}

async function openContestants(
  size: GrowthOptions,
  { around, progress }: Parts,
): Promise<Readonly<Record<Name, Contestant>>> {
  const many: AccountRange = { ...ACCOUNTS, count: size.accounts };
  const open = async (name: Name, accounts: AccountRange): Promise<Contestant> => {
    progress.say(`growth: opening ${rateText(accounts.count)} accounts in the ${name} bank`);
    const site = await openBankSite(name, around);
    await site.openAccounts(accounts);
    return { site, accounts, rates: [] };
  };
  const fresh = await open('fresh', ACCOUNTS);
  const wide = await open('wide', many);
  const deep = await open('deep', ACCOUNTS);
  await writeHistory(deep.site, size.transfers, around, progress);
  return { fresh, wide, deep };
}

async function writeHistory(
  site: BankSite,
  transfers: number,
  { generator }: Surroundings,
  progress: Progress,
): Promise<void> {
  let written = 0;
  while (written < transfers) {
    const missing = Math.ceil((transfers - written) / FILL_BATCH);
    const run: LoadRun = {
      targets: [{ host: '127.0.0.1', port: portOf(site.bank), key: site.key }],
      traffic: { kind: 'batches', accounts: ACCOUNTS, size: FILL_BATCH },
      connections: FILL_BATCHES_IN_FLIGHT,
      inFlightMax: FILL_BATCHES_IN_FLIGHT,
      warmUpMs: 0,
      windowMs: 0,
      ratePerSecond: null,
      requestsMax: Math.min(FILL_SLICE_BATCHES, missing),
    };
    const nothing = () => undefined;
    const { effects } = await generator.run(run, { onOpened: nothing, onClosed: nothing });
    if (effects === 0) throw new Error('the history does not grow: every transfer was refused');
    written += effects;
    progress.say(`growth: ${rateText(written)} of ${rateText(transfers)} transfers of history`);
  }
}

async function measureOnce(
  { site, accounts }: Contestant,
  { around, options }: Parts,
): Promise<Measurement> {
  const run: LoadRun = {
    targets: [{ host: '127.0.0.1', port: portOf(site.bank), key: site.key }],
    traffic: { kind: 'transfers', accounts },
    connections: CONNECTIONS,
    inFlightMax: CONNECTIONS,
    warmUpMs: options.warmUpMs,
    windowMs: options.windowMs,
    ratePerSecond: null,
    requestsMax: null,
  };
  const watched = {
    generator: around.generator,
    serverPids: [site.bank.pid],
    postgresSeconds: () => around.postgres.seconds(),
  };
  return measureLoad(run, watched, bankLedger(site.client, 'bank transfers'));
}

function known(spread: Spread | undefined): Spread {
  if (spread === undefined) throw new Error('growth without a round');
  return spread;
}
