import type pg from 'pg';

/** Serves every bank of a database server; its rights are granted database by database. */
const SERVING_ROLE = 'lastro_serving';

/** What is added to and never changed, besides the tables whose rows move on. */
const APPENDED =
  'block, account, transfer, transaction, product, orders, order_line, outcome, checkpoint, ' +
  'hold, hold_leg, hold_end, reversal, order_cancellation, cross_transaction, consent';
const UPDATED = 'head, account, product, cross_transaction, consent';

/** What is open now: it comes, moves on and goes. */
const OPEN = 'hold_open, lease, peer_nonce';

/** Tables that belong to domain folders alone. */
const PRIVATE =
  'api_key, peer, register_pin, bank_life, reconciling, peer_life, peer_agreement, removal_floor, ' +
  'queued_request';

/**
 * Where the login may create roles, makes the one that serving runs as: it can't change or delete
 * what was posted, nor drop the triggers that refuse it. Null where the login may not.
 */
export async function prepareServingRole(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ may: boolean }>(
    'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
  );
  if (rows[0]?.may !== true) return null;
  await client.query(
    `do $$ begin
       create role ${SERVING_ROLE} nologin;
     exception when duplicate_object or unique_violation then null;
     end $$`,
  );
  await client.query(
    `begin;
     grant ${SERVING_ROLE} to current_user;
     grant usage on schema public to ${SERVING_ROLE};
     grant select on all tables in schema public to ${SERVING_ROLE};
     grant insert on ${APPENDED} to ${SERVING_ROLE};
     grant update on ${UPDATED} to ${SERVING_ROLE};
     grant insert, update, delete on ${OPEN} to ${SERVING_ROLE};
     grant insert, update, delete on ${PRIVATE} to ${SERVING_ROLE};
     commit`,
  );
  return SERVING_ROLE;
}
