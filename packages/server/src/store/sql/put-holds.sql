with placed as (
  insert into hold (id, seq, at)
  select id, seq, $3::timestamptz from unnest($1::uuid[], $2::bigint[]) as new (id, seq)
), legs as (
  insert into hold_leg (hold_seq, leg, from_account, to_account, amount, metadata)
  select * from unnest(
    $4::bigint[], $5::integer[], $6::bigint[], $7::bigint[], $8::bigint[], $9::jsonb[]
  )
)
insert into hold_open (hold_seq, expires_at)
select * from unnest($10::bigint[], $11::timestamptz[])
on conflict (hold_seq) do update set expires_at = excluded.expires_at
