insert into outcome (principal, id, hash, seq, code)
select * from unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::text[])
