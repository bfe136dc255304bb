-- Private to consortium/host: what a bank must remember of the register and of its peers. What it
-- knows of the transactions themselves is the ledger's.

-- The newest place at which this bank saw the register.
create table register_pin (
  is_one boolean primary key default true check (is_one),
  generation text collate "C" not null,
  revision bigint not null,
  -- It was seen going back, under this name, and is closed until every peer has published again.
  incident uuid
);

-- The lives of this bank's journal, the newest last: an old copy that is put back begins a new one.
create table bank_life (
  epoch uuid primary key,
  number bigint not null unique,
  began_at timestamptz not null default now()
);

-- Peers that have not said yet what this bank has forgotten.
create table reconciling (
  bank text collate "C" primary key,
  -- What was decided before, the old copy holds.
  since timestamptz not null
);

-- How far the journals of the peers were when they were last heard, life by life.
create table peer_life (
  bank text collate "C" not null,
  epoch uuid not null,
  block bigint not null,
  hash bytea not null check (length(hash) = 32),
  first_heard_at timestamptz not null default now(),
  primary key (bank, epoch)
);

-- When a peer last remembered nothing of this bank's journal that it doesn't have: what it knows since
-- then is what an old copy may have forgotten.
create table peer_agreement (
  bank text collate "C" primary key,
  at timestamptz not null
);

-- At or below these ids, decisions were removed from the register and nothing is decided any more.
create table removal_floor (
  coordinator text collate "C" primary key,
  id text collate "C" not null
);
