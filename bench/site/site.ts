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

/** Where the load of a course goes, and whose processor time it takes. */
export interface Destination {
  readonly port: number;
  readonly pid: number;
}

/** Everything that the wanted courses run against, filled and ready. */
export interface Site {
  readonly bank: BankSite;
  readonly destinations: Readonly<Partial<Record<TargetName, Destination>>>;
  /** The baselines' database; null when none of them is wanted. */
  readonly rivals: pg.Client | null;
}

export async function openSite(
  courses: ReadonlySet<CourseName>,
  around: Surroundings,
): Promise<Site> {
  const bank = await openBankSite('main', around);
  const [others, rivals] = await Promise.all([
    startOthers(bank, courses),
    openRivals(bank, courses, around),
    fillBank(bank),
  ]);
  const own = { port: portOf(bank.bank), pid: bank.bank.pid };
  const destinations = { bank: own, ...others, ...rivals?.destinations };
  return { bank, destinations, rivals: rivals?.client ?? null };
}

type Destinations = Partial<Record<TargetName, Destination>>;

async function startOthers(
  bank: BankSite,
  courses: ReadonlySet<CourseName>,
): Promise<Destinations> {
  const destinations: Destinations = {};
  if (courses.has('two')) {
    const second = await bank.startAnother('bank');
    destinations.secondBank = { port: portOf(second), pid: second.pid };
  }
  if (courses.has('noop')) {
    const noop = await bank.startAnother('noop');
    destinations.noop = { port: portOf(noop), pid: noop.pid };
  }
  return destinations;
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
  const { pid } = server;
  const rowLock = { port: portOf(server, 'rowLock'), pid };
  return { client, destinations: { rowLock, function: { port: portOf(server, 'function'), pid } } };
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
