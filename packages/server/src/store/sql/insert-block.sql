insert into block (block, id, first_seq, last_seq, previous, hash, at, body)
values ($1, $2, $3, $4, $5, $6, $7, $8)
