-- Private to identity/: who may call. Keys are random, so a plain SHA-256 keeps them.

create table api_key (
  id text collate "C" primary key,
  name text not null,
  scope text collate "C" not null check (scope in ('admin', 'write', 'read')),
  hash bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null default now()
);
