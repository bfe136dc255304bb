insert into reversal (seq, leg, reverses, transfer, amount)
select * from unnest($1::bigint[], $2::integer[], $3::uuid[], $4::uuid[], $5::bigint[])
