insert into order_line (order_seq, line, sku, name, unit_price, quantity, total)
select * from unnest(
  $1::bigint[], $2::integer[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[]
)
