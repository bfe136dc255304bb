import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { freePort } from '../harness/free-port.ts';
import { abandonDatabase, createBankDatabase, createDatabase } from '../harness/postgres.ts';
import { openNetwork, type Network } from './network.ts';
import { introduce } from './peering.ts';

/** Banks that are real processes, each with a database of its own, and a network between them. */
export interface Consortium {
  readonly names: readonly string[];
  /** In the order of their names. */
  readonly banks: readonly BankProcess[];
  readonly network: Network;
  bank(name: string): BankProcess;
  /** Stops every bank; databases that it was started with, by itself, go too. */
  stop(): Promise<void>;
}

export interface ConsortiumOptions {
  readonly names?: readonly string[];
  /** `postgres://…` or `etcd://…`; without it a database of its own in the run's PostgreSQL. */
  readonly registerUrl?: string;
  /** Of the last bank, where it decides in another register than the others. */
  readonly otherRegisterUrl?: string;
  /** Makes the banks' databases, where they aren't to be in the run's PostgreSQL. */
  readonly newDatabase?: () => Promise<string>;
}

const STARTS_MAX = 3;
const THREE = ['alfa', 'beta', 'gama'] as const;

/** Starts the banks and makes each of them a peer of each other one. */
export async function startConsortium(options: ConsortiumOptions = {}): Promise<Consortium> {
  const names = options.names ?? THREE;
  const ownDatabases: string[] = [];
  const own = async (url: Promise<string>) => {
    ownDatabases.push(await url);
    return url;
  };
  const newDatabase = options.newDatabase ?? (() => own(createBankDatabase()));
  const registerUrl = options.registerUrl ?? (await own(createDatabase()));
  const { otherRegisterUrl } = options;
  const ports = new Map<string, number>();
  for (const name of names) ports.set(name, await freePort());
  const network = await openNetwork(
    new Map([...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`])),
  );
  const started = await Promise.allSettled(
    [...ports].map(async ([bank, port]) => {
      const databaseUrl = await newDatabase();
      const register = bank === names.at(-1) ? (otherRegisterUrl ?? registerUrl) : registerUrl;
      const publicUrl = network.urlOf(bank);
      const flags = ['--register', register, '--public-url', publicUrl, '--log-level', 'warn'];
      return patiently(() => startBankProcess({ bank, port, databaseUrl, flags }));
    }),
  );
  const banks = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await Promise.all(banks.map((bank) => bank.stop()));
    await network.close();
    for (const url of ownDatabases) await abandonDatabase(url);
  };
  const failed = started.find((one) => one.status === 'rejected');
  try {
    if (failed !== undefined) throw failed.reason;
    await introduce(banks, undefined, otherRegisterUrl === undefined ? 'register' : 'word');
  } catch (error) {
    await stop();
    throw error;
  }
  return { names, banks, network, bank: (name) => find(banks, name), stop };
}

/** Starts a bank again that has died, with no crash point armed. */
export function comeBack(bank: BankProcess): Promise<void> {
  return patiently(() => bank.restart({}));
}

/** Several programs that start at once may be too much for a machine that has other things to do. */
async function patiently<Started>(start: () => Promise<Started>): Promise<Started> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === STARTS_MAX) throw error;
    }
  }
}

function find(banks: readonly BankProcess[], name: string): BankProcess {
  const found = banks.find((bank) => bank.name === name);
  if (found === undefined) throw new Error(`no bank is called ${name}`);
  return found;
}
