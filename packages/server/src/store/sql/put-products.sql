insert into product (sku, name, price, asset, merchant, version, created_at)
select * from unnest(
  $1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[]
)
on conflict (sku) do update
  set name = excluded.name, price = excluded.price, version = excluded.version
