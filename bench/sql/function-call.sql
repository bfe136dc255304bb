select seq, at from post_transfer($1, $2, $3, $4)
