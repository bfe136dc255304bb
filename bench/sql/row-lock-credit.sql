update account set balance = balance + $2 where number = $1
