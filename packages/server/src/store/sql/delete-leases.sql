delete from lease where ticket = any($1::bigint[])
