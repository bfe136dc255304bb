insert into hold_open (hold_seq, expires_at)
select * from unnest($1::bigint[], $2::timestamptz[])
on conflict (hold_seq) do update set expires_at = excluded.expires_at
