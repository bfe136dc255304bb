insert into transaction (id, seq)
select * from unnest($1::uuid[], $2::bigint[])
