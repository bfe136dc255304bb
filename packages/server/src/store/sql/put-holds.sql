with placed as (
  insert into hold (id, seq, at)
  select id, seq, $3::timestamptz from unnest($1::uuid[], $2::bigint[]) as new (id, seq)
)
insert into hold_open (hold_seq, expires_at)
select * from unnest($4::bigint[], $5::timestamptz[])
on conflict (hold_seq) do update set expires_at = excluded.expires_at
