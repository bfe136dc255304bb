select id from block where block = $1
