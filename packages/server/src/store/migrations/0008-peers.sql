-- Private to consortium/peers: the banks that this one deals with, and the keys that they sign with.

create table peer (
  bank text collate "C" primary key check (bank ~ '^[a-z][a-z0-9-]{1,30}$'),
  url text not null,
  -- [{"publicKey": 32 bytes in base64url, "state": "valid", "superseded" or "revoked"}], newest first
  keys jsonb not null check (jsonb_typeof(keys) = 'array'),
  -- Transactions under way with it.
  in_flight_max integer not null check (in_flight_max > 0),
  -- {"BRL/2": "100000"}: how much may be under way with it; an asset that is missing is without bound.
  in_flight_values jsonb not null check (jsonb_typeof(in_flight_values) = 'object'),
  added_at timestamptz not null default now()
);
