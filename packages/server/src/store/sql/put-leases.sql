insert into lease (id, account, owner, ttl, ticket, wait_until, token, expires_at)
select * from unnest(
  $1::uuid[], $2::bigint[], $3::text[], $4::integer[], $5::bigint[], $6::timestamptz[],
  $7::bigint[], $8::timestamptz[]
)
on conflict (ticket) do update set token = excluded.token, expires_at = excluded.expires_at
