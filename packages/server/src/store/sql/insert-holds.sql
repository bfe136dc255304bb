insert into hold (id, seq, at)
select id, seq, $3::timestamptz from unnest($1::uuid[], $2::bigint[]) as new (id, seq)
