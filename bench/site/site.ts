import type pg from 'pg';
import {
  ACCOUNTS,
  HOT_ACCOUNTS,
  MERCHANT,
  SKU,
  type CourseName,
  type TargetName,
} from '../lanes.ts';
import { AMOUNT, ASSET, CREDIT_LIMIT } from '../generator/traffic.ts';
import { readSql } from '../servers/rival.ts';
import { connect, openBankSite, portOf, type BankSite, type Surroundings } from './bank-site.ts';
import { openConsortium, type ConsortiumSite } from './consortium-site.ts';
import type { ServerProcess } from './server-process.ts';

/** Where the load of a course goes, and whose processor time it takes. */
export interface Destination {
  readonly port: number;
  readonly pid: number;
  /** A key with the scope `write`. */
  readonly key: string;
}

/** Several where a target is several banks. */
export type Destinations = Readonly<Partial<Record<TargetName, readonly Destination[]>>>;

/** Everything that the wanted courses run against, filled and ready. */
export interface Site {
  readonly bank: BankSite;
  readonly destinations: Destinations;
  /** The banks that pay each other; null when they are not wanted. */
  readonly consortium: ConsortiumSite | null;
  /** The baselines' database; null when none of them is wanted. */
  readonly rivals: pg.Client | null;
}

export async function openSite(
  courses: ReadonlySet<CourseName>,
  around: Surroundings,
  banks: number,
): Promise<Site> {
  const bank = await openBankSite('main', around);
  const [others, rivals] = await Promise.all([
    startOthers(bank, courses),
    openRivals(bank, courses, around),
    fillBank(bank),
  ]);
  const consortium = courses.has('cross') ? await openConsortium(banks, around) : null;
  const destinations = {
    bank: [destinationOf(bank.bank, bank.key)],
    ...others,
    ...rivals?.destinations,
    ...(consortium === null ? {} : { members: consortium.members.map(memberDestination) }),
  };
  return { bank, destinations, consortium, rivals: rivals?.client ?? null };
}

function destinationOf(server: ServerProcess, key: string, application = 'main'): Destination {
  return { port: portOf(server, application), pid: server.pid, key };
}

function memberDestination({ bank, key }: BankSite): Destination {
  return destinationOf(bank, key);
}

async function startOthers(
  bank: BankSite,
  courses: ReadonlySet<CourseName>,
): Promise<Destinations> {
  const start = async (kind: 'bank' | 'noop') => [
    destinationOf(await bank.startAnother(kind), bank.key),
  ];
  const isNoopWanted = courses.has('noop') || courses.has('pacedNoop');
  return {
    ...(courses.has('two') ? { secondBank: await start('bank') } : {}),
    ...(isNoopWanted ? { noop: await start('noop') } : {}),
  };
}

async function openRivals(
  bank: BankSite,
  courses: ReadonlySet<CourseName>,
  { postgres, cleanups }: Surroundings,
): Promise<{ client: pg.Client; destinations: Destinations } | null> {
  const names = ['rowLock', 'rowLockHot', 'function'] as const;
  if (!names.some((name) => courses.has(name))) return null;
  const url = await postgres.createDatabase('rivals');
  const client = await connect(url, cleanups);
  await fillRivals(client);
  const server = await bank.startAnother('rivals', url);
  const serving = (name: 'rowLock' | 'function') => [destinationOf(server, bank.key, name)];
  return { client, destinations: { rowLock: serving('rowLock'), function: serving('function') } };
}

async function fillBank(bank: BankSite): Promise<void> {
  await bank.openAccounts(ACCOUNTS);
  await bank.openAccounts(HOT_ACCOUNTS);
  await bank.call('/v1/accounts', { id: MERCHANT, asset: ASSET });
  await bank.call('/v1/products', {
    sku: SKU,
    name: 'What everybody wants',
    price: AMOUNT,
    asset: ASSET,
    stock: CREDIT_LIMIT,
  });
}

async function fillRivals(client: pg.Client): Promise<void> {
  await client.query(readSql('rivals-schema'));
  for (const { prefix, count } of [ACCOUNTS, HOT_ACCOUNTS]) {
    await client.query(readSql('rivals-accounts'), [prefix, ASSET, count, CREDIT_LIMIT]);
  }
  await client.query('vacuum analyze account');
}
