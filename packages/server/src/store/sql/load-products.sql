select sku, name, price, asset, merchant, version, created_at
  from product where sku = any($1::text[])
