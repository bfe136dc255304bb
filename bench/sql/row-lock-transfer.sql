insert into transfer (id, from_account, to_account, amount) values ($1, $2, $3, $4)
returning seq, at
