insert into consent (id, account, bank, amount, uses, spent, expires_at, revoked_at, seq, at)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[],
  $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::timestamptz[]
)
on conflict (id) do update set spent = excluded.spent, revoked_at = excluded.revoked_at
