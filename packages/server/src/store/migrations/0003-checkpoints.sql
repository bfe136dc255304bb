-- Private to ledger/journal: what this bank has sworn to. Each server process may have a key of its own.

create table checkpoint (
  block bigint not null,
  public_key bytea not null check (length(public_key) = 32),
  seq bigint not null,
  hash bytea not null check (length(hash) = 32),
  at timestamptz not null,
  bank text collate "C" not null,
  signature bytea not null check (length(signature) = 64),
  primary key (block, public_key)
);

create trigger checkpoint_stays before update or delete or truncate on checkpoint
  for each statement execute function refuse_change();
