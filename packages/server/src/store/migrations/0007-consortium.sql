-- Cross-bank transactions: this bank's record of each, the holds that they own, consents that let
-- other banks debit accounts of this one, and the nonces of peers' messages.

-- What this bank knows of a transaction, durable in the block of its effect. Bodies, promises and
-- reasons are kept as the canonical texts of the journal.
create table cross_transaction (
  id text collate "C" primary key,
  state text collate "C" not null
    check (state in ('prepared', 'in_doubt', 'committed', 'aborted')),
  -- Null where nothing was promised: a tombstone.
  hash text collate "C",
  body text,
  signature text,
  yes text,
  because text,
  rebuilt boolean not null,
  -- Of a participant: decided. Of the coordinator: all have acknowledged, too.
  settled boolean not null,
  decided_at timestamptz,
  pending_order text,
  seq bigint not null,
  at timestamptz not null,
  decided_seq bigint,
  constraint cross_transaction_subject check (
    (hash is null) = (body is null) and (body is not null or state = 'aborted')
  ),
  constraint cross_transaction_prepared check ((signature is not null) = (state = 'prepared')),
  constraint cross_transaction_committed check ((yes is not null) = (state = 'committed')),
  constraint cross_transaction_aborted check ((because is not null) = (state = 'aborted')),
  constraint cross_transaction_decided check (
    (decided_at is not null) = (state in ('committed', 'aborted'))
    and (decided_seq is null) = (decided_at is null)
  )
) with (fillfactor = 70);
-- What the bank still has something to do about, in the order of ids.
create index cross_transaction_open on cross_transaction (id) where not settled;

-- The cross-bank transaction that a transaction of this bank is the share of.
alter table transaction add column owner text collate "C";

-- A hold that a transaction owns doesn't end by time.
alter table hold_open alter column expires_at drop not null;
alter table hold_end alter column expires_at drop not null;

create table consent (
  id uuid primary key,
  account text collate "C" not null,
  bank text collate "C" not null,
  amount bigint not null check (amount > 0),
  uses text collate "C" not null check (uses in ('once', 'total')),
  spent bigint not null check (spent >= 0 and spent <= amount),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  seq bigint not null unique,
  at timestamptz not null
) with (fillfactor = 80);
create index consent_account on consent (account, seq);

-- Spent in the block of what the message brought about; needed only while the message is valid.
create table peer_nonce (
  key_id text collate "C" not null,
  value text collate "C" not null,
  keep_until timestamptz not null,
  primary key (key_id, value)
);
create index peer_nonce_keep_until on peer_nonce (keep_until);

-- A bank that was restored from a backup posts what it promised and forgot, limits or not, for the
-- others have posted it. Its accounts are marked, and only they may stand beyond their limits.
alter table account
  add column rebuilt boolean not null default false,
  drop constraint account_available,
  drop constraint account_balance_max,
  drop constraint account_maximum_balance,
  add constraint account_available check (
    credits_posted - debits_posted - debits_pending + coalesce(credit_limit, 9007199254740991) >= 0
    or (credit_limit is null and (id like 'cash:%' or id like 'peer:%'))
    or rebuilt
  ),
  add constraint account_balance_max check (
    credits_posted - debits_posted + credits_pending <= 9007199254740991
    or id like 'cash:%' or id like 'peer:%'
    or rebuilt
  ),
  add constraint account_maximum_balance check (
    maximum_balance is null
    or (maximum_balance >= 0
        and (credits_posted - debits_posted + credits_pending <= maximum_balance or rebuilt))
  );
