-- Private to consortium/host: what clients asked for and the bank promised to begin as soon as a bank
-- that is away comes back ("onUnavailable": "queue"). A row goes when its command has an outcome, or when
-- it was given up with nothing begun.
create table queued_request (
  principal text collate "C" not null,
  id text collate "C" not null,
  hash bytea not null check (length(hash) = 32),
  legs jsonb not null,
  pending_order jsonb,
  lease_tokens bigint[] not null,
  deadline timestamptz not null,
  -- A process begins it since then: nobody else does, and nobody gives it up.
  claimed_at timestamptz,
  primary key (principal, id)
);

create index queued_request_by_deadline on queued_request (deadline, principal, id);
