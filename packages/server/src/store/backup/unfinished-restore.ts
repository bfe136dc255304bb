import type pg from 'pg';
import { StoreError } from '../store-error.ts';

/**
 * The table that stands in a database from the first moment of a restore until the restore is
 * complete, both to the eye of everybody else: it goes in the transaction that brings the bank.
 */
export const UNFINISHED = 'restore_unfinished';

export async function isRestoreUnfinished(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ stands: boolean }>(
    `select to_regclass('public.${UNFINISHED}') is not null as stands`,
  );
  return rows[0]?.stands === true;
}

/** Throws `StoreError` where a restore began and did not end. */
export async function refuseUnfinishedRestore(client: pg.Client): Promise<void> {
  if (!(await isRestoreUnfinished(client))) return;
  throw new StoreError(
    'restore_unfinished',
    'A restore into this database began and is not complete: run `lastro restore` again, or give the bank another database.',
  );
}

/** Seen by everybody at once. */
export async function markUnfinished(client: pg.Client): Promise<void> {
  await client.query(`create table if not exists public.${UNFINISHED} ()`);
}

/** In the transaction that makes the restore complete. */
export async function unmarkUnfinished(client: pg.Client): Promise<void> {
  await client.query(`drop table public.${UNFINISHED}`);
}
