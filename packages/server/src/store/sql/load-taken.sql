select id from transfer where id = any($1::uuid[])
