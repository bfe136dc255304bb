update cross_transaction set settled = true where id = any($1::text[])
