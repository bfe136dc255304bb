select id from transaction where id = any($1::uuid[])
