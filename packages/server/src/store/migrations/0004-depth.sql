-- Holds, corrections, limits and leases. Facts are added and stay, as everywhere; what moves on is
-- kept apart and small: the account's row, the holds that are open, the leases that are open.

alter table account
  add column maximum_balance bigint,
  add column lease_token bigint,
  add column lease_until timestamptz,
  add constraint account_maximum_balance check (
    maximum_balance is null
    or (maximum_balance >= 0
        and credits_posted - debits_posted + credits_pending <= maximum_balance)
  ),
  add constraint account_lease check ((lease_token is null) = (lease_until is null));

create table hold (
  id uuid primary key,
  seq bigint not null unique,
  at timestamptz not null
);

create table hold_leg (
  hold_seq bigint not null,
  leg integer not null check (leg >= 0),
  from_account bigint not null,
  to_account bigint not null,
  amount bigint not null check (amount > 0),
  metadata jsonb,
  primary key (hold_seq, leg),
  constraint hold_between_two check (from_account <> to_account)
);
create index hold_leg_from on hold_leg (from_account, hold_seq);
create index hold_leg_to on hold_leg (to_account, hold_seq);

-- The holds that are pending. A hold is either here or in hold_end.
create table hold_open (
  hold_seq bigint primary key,
  expires_at timestamptz not null
);
create index hold_open_expires_at on hold_open (expires_at, hold_seq);

create table hold_end (
  hold_seq bigint primary key,
  seq bigint not null,
  state text collate "C" not null check (state in ('captured', 'released', 'expired')),
  expires_at timestamptz not null,
  at timestamptz not null,
  constraint hold_end_expired check (state <> 'expired' or at >= expires_at)
);
create index hold_end_state on hold_end (state, hold_seq);

-- The leases that are held or waited for; one of an account at most has a token. Their ids are told
-- apart within one account only: the ticket is what a lease is known by.
create table lease (
  id uuid not null,
  account bigint not null,
  owner text not null,
  ttl integer not null check (ttl > 0),
  ticket bigint primary key,
  wait_until timestamptz not null,
  token bigint,
  expires_at timestamptz,
  constraint lease_held check ((token is null) = (expires_at is null))
);
create index lease_account on lease (account, ticket);
create unique index lease_id on lease (account, id);
create unique index lease_one_holder on lease (account) where token is not null;

-- Which transfer moved how much of an earlier one back.
create table reversal (
  seq bigint not null,
  leg integer not null,
  reverses uuid not null,
  transfer uuid not null unique,
  amount bigint not null check (amount > 0),
  primary key (seq, leg)
);
create index reversal_reverses on reversal (reverses);

create table order_cancellation (
  order_id uuid primary key,
  id uuid not null unique,
  seq bigint not null unique,
  at timestamptz not null
);

-- For the newest block until a moment.
create index block_at on block (at, block);

create trigger hold_stays before update or delete or truncate on hold
  for each statement execute function refuse_change();
create trigger hold_leg_stays before update or delete or truncate on hold_leg
  for each statement execute function refuse_change();
create trigger hold_end_stays before update or delete or truncate on hold_end
  for each statement execute function refuse_change();
create trigger reversal_stays before update or delete or truncate on reversal
  for each statement execute function refuse_change();
create trigger order_cancellation_stays before update or delete or truncate on order_cancellation
  for each statement execute function refuse_change();
