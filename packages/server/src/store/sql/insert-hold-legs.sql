insert into hold_leg (hold_seq, leg, from_account, to_account, amount, metadata)
select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::jsonb[])
