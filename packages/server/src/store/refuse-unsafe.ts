import type pg from 'pg';
import { StoreError } from './store-error.ts';

const SERVER_VERSION_MIN = 150_000;

/** What was acknowledged must survive a crash of the server: refuses settings that break this. */
export async function refuseUnsafe(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
      where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit')`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  if (Number(settings.get('server_version_num')) < SERVER_VERSION_MIN) {
    throw new StoreError('database_too_old', 'Lastro needs PostgreSQL 15 or newer.');
  }
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if (settings.get(name) !== 'off') continue;
    throw new StoreError(
      'database_unsafe',
      `${name} is off on this PostgreSQL, so acknowledged money could be lost in a crash: turn it on.`,
    );
  }
}
