-- The facts of the ledger. Written by the engine alone, one block in one transaction.
-- Hot tables carry no foreign keys: `core` resolves every reference before a block is written,
-- and the consistency report and the verifier check them afterwards.

create table head (
  singleton boolean primary key default true check (singleton),
  block bigint not null,
  seq bigint not null,
  hash bytea not null check (length(hash) = 32),
  at timestamptz not null,
  accounts bigint not null,
  bank text not null
) with (fillfactor = 10);

create table block (
  block bigint primary key,
  id uuid not null,
  first_seq bigint not null unique,
  last_seq bigint not null check (last_seq >= first_seq),
  previous bytea not null check (length(previous) = 32),
  hash bytea not null check (length(hash) = 32),
  at timestamptz not null,
  body bytea not null
);
-- Events are short and already hashed: compressing them costs more than it saves on the way in.
alter table block alter column body set storage external;

-- A domain, not a CHECK of the table: a table's CHECKs run again with every update of a row.
create domain account_id as text collate "C" check (value ~ '^[A-Za-z0-9._:@+-]{1,64}$');

create table account (
  number bigint primary key,
  id account_id not null unique,
  asset text collate "C" not null,
  debits_posted bigint not null,
  credits_posted bigint not null,
  debits_pending bigint not null,
  credits_pending bigint not null,
  credit_limit bigint,
  status text collate "C" not null,
  version bigint not null check (version > 0),
  created_at timestamptz not null,
  metadata jsonb,
  constraint account_sums check (
    debits_posted >= 0 and credits_posted >= 0 and debits_pending >= 0 and credits_pending >= 0
    and (credit_limit is null or credit_limit >= 0)
    and (status = 'open' or status = 'frozen' or status = 'closed')
  ),
  constraint account_available check (
    credits_posted - debits_posted - debits_pending + coalesce(credit_limit, 9007199254740991) >= 0
    or (credit_limit is null and (id like 'cash:%' or id like 'peer:%'))
  ),
  constraint account_balance_max check (
    credits_posted - debits_posted + credits_pending <= 9007199254740991
    or id like 'cash:%' or id like 'peer:%'
  )
) with (fillfactor = 50);

create table transfer (
  id uuid primary key,
  seq bigint not null,
  leg integer not null check (leg >= 0),
  from_account bigint not null,
  to_account bigint not null,
  amount bigint not null check (amount > 0),
  from_balance bigint not null,
  to_balance bigint not null,
  transaction uuid,
  at timestamptz not null,
  metadata jsonb,
  constraint transfer_between_two check (from_account <> to_account)
);
create index transfer_from on transfer (from_account, seq, leg);
create index transfer_to on transfer (to_account, seq, leg);
-- Rows arrive in the order of seq, so a few bytes for each range of pages find any of them.
create index transfer_seq on transfer using brin (seq) with (pages_per_range = 16, autosummarize = on);

-- The one home of the ids of transactions and orders; refused orders keep theirs.
create table transaction (
  id uuid primary key,
  seq bigint not null
);

create table product (
  sku text collate "C" primary key check (sku ~ '^[A-Za-z0-9._:@+-]{1,50}$'),
  name text not null,
  price bigint not null check (price >= 0),
  asset text collate "C" not null,
  merchant text collate "C",
  version bigint not null check (version > 0),
  created_at timestamptz not null
);

create table orders (
  id uuid primary key,
  seq bigint not null unique,
  status text collate "C" not null check (status in ('completed', 'refused')),
  customer text collate "C" not null,
  merchant text collate "C" not null,
  asset text collate "C",
  total bigint check (total >= 0),
  code text collate "C",
  details jsonb,
  at timestamptz not null,
  constraint orders_completed check (
    (status = 'completed') = (total is not null and asset is not null and code is null)
  )
);
create index orders_customer on orders (customer, seq);
-- Block time never goes back, so a range index finds a period.
create index orders_at on orders using brin (at) with (autosummarize = on);

create table order_line (
  order_seq bigint not null,
  line integer not null,
  sku text collate "C" not null,
  name text,
  unit_price bigint check (unit_price >= 0),
  quantity bigint not null check (quantity > 0),
  total bigint check (total >= 0),
  primary key (order_seq, line),
  constraint order_line_total check (total is null or total = unit_price * quantity)
);
create index order_line_sku on order_line (sku, order_seq);

create table outcome (
  principal text collate "C" not null,
  id text collate "C" not null,
  hash bytea not null check (length(hash) = 32),
  seq bigint not null,
  code text collate "C",
  primary key (principal, id)
);

-- Advances head from expected_block to the next one, or raises: an update that finds no row is no
-- error, and what follows it in a pipeline would commit.
create function advance_head(
  expected_block bigint,
  new_seq bigint,
  new_hash bytea,
  new_at timestamptz,
  new_accounts bigint
) returns void language plpgsql as $$
begin
  update head
     set block = expected_block + 1, seq = new_seq, hash = new_hash, at = new_at,
         accounts = new_accounts
   where block = expected_block;
  if not found then
    raise exception 'head is not at block %', expected_block using errcode = 'LH001';
  end if;
end $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is refused: what was posted stays', tg_op, tg_table_name
    using errcode = 'LH002';
end $$;

create trigger transfer_stays before update or delete or truncate on transfer
  for each statement execute function refuse_change();
create trigger transaction_stays before update or delete or truncate on transaction
  for each statement execute function refuse_change();
create trigger outcome_stays before update or delete or truncate on outcome
  for each statement execute function refuse_change();
create trigger block_stays before update or delete or truncate on block
  for each statement execute function refuse_change();
create trigger orders_stay before update or delete or truncate on orders
  for each statement execute function refuse_change();
create trigger order_line_stays before update or delete or truncate on order_line
  for each statement execute function refuse_change();
create trigger account_stays before delete or truncate on account
  for each statement execute function refuse_change();
create trigger head_stays before delete or truncate on head
  for each statement execute function refuse_change();
