insert into transaction (id, seq, owner)
select * from unnest($1::uuid[], $2::bigint[], $3::text[])
