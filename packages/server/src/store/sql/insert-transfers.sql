insert into transfer (
  id, seq, leg, from_account, to_account, amount, from_balance, to_balance, transaction, at, metadata
)
select id, seq, leg, from_account, to_account, amount, from_balance, to_balance, transaction,
       $11::timestamptz, metadata
  from unnest(
    $1::uuid[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::bigint[], $9::uuid[], $10::jsonb[]
  ) as new (
    id, seq, leg, from_account, to_account, amount, from_balance, to_balance, transaction, metadata
  )
