insert into account (id, asset, balance)
select $1 || '-' || index, $2, $4 from generate_series(0, $3::integer - 1) as index
