insert into hold_end (hold_seq, seq, state, expires_at, at)
select hold_seq, seq, state, expires_at, $5::timestamptz
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[])
    as new (hold_seq, seq, state, expires_at)
