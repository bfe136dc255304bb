with closed as (
  delete from hold_open where hold_seq = any($1::bigint[])
)
insert into hold_end (hold_seq, seq, state, expires_at, at)
select hold_seq, seq, state, expires_at, $6::timestamptz
  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[])
    as new (hold_seq, seq, state, expires_at)
