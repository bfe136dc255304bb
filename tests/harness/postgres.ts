import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { inject } from 'vitest';
import { BANK_TEMPLATE } from './bank-template.ts';

let asked: Promise<string> | undefined;

/** URL of the run's PostgreSQL, as its superuser; it starts when somebody asks first. */
export function adminUrl(): Promise<string> {
  asked ??= askForUrl();
  return asked;
}

async function askForUrl(): Promise<string> {
  const answer = await text(connect(inject('postgresSocket')));
  if (!answer.startsWith('postgres:')) throw new Error(`the tests' PostgreSQL: ${answer}`);
  return answer;
}

/** A new, empty database of the run's PostgreSQL; its URL. Ends with the run. */
export function createDatabase(): Promise<string> {
  return copyDatabase('template0');
}

/** The same with the schema of a bank in it and no bank yet, as a start leaves it that was killed early. */
export function createBankDatabase(): Promise<string> {
  return copyDatabase(BANK_TEMPLATE);
}

async function copyDatabase(template: string): Promise<string> {
  const url = new URL(await adminUrl());
  const name = `test_${randomBytes(8).toString('hex')}`;
  await query(url.href, `create database ${name} template ${template} encoding 'UTF8'`);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * Cuts what is still connected to a database that nobody needs any more. It goes with the run: to
 * drop it would be a checkpoint, for which everybody who commits has to wait.
 */
export async function abandonDatabase(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await query(
    await adminUrl(),
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
    [name],
  );
}

/** Takes the database away from whoever uses it. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await query(
    await adminUrl(),
    `drop database if exists ${pg.escapeIdentifier(name)} with (force)`,
  );
}

/** Runs one statement on a connection of its own; its rows. */
export async function query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
  databaseUrl: string,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement, [...parameters])).rows;
  } finally {
    await client.end();
  }
}
