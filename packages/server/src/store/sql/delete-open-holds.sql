delete from hold_open where hold_seq = any($1::bigint[])
