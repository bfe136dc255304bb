delete from lease where id = any($1::uuid[])
