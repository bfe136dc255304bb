select hash from block where block = $1
