insert into orders (id, seq, status, customer, merchant, asset, total, code, details, at)
select id, seq, status, customer, merchant, asset, total, code, details, $10::timestamptz
  from unnest(
    $1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::text[], $9::jsonb[]
  ) as new (id, seq, status, customer, merchant, asset, total, code, details)
