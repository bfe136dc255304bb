insert into account (
  number, id, asset, debits_posted, credits_posted, debits_pending, credits_pending,
  credit_limit, status, version, created_at, metadata, maximum_balance, lease_token, lease_until,
  rebuilt
)
select number, id, asset, debits_posted, credits_posted, debits_pending, credits_pending,
       credit_limit, status, version, $11::timestamptz, metadata, maximum_balance, lease_token,
       lease_until, rebuilt
  from unnest(
    $1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::text[], $10::bigint[], $12::jsonb[], $13::bigint[], $14::bigint[],
    $15::timestamptz[], $16::boolean[]
  ) as new (
    number, id, asset, debits_posted, credits_posted, debits_pending, credits_pending,
    credit_limit, status, version, metadata, maximum_balance, lease_token, lease_until,
    rebuilt
  )
