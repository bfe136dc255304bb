select distinct reverses from reversal where reverses = any($1::uuid[])
