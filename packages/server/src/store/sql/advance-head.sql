select advance_head($1, $2, $3, $4, $5)
