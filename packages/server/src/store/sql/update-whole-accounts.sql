update account
   set debits_posted = new.debits_posted,
       credits_posted = new.credits_posted,
       debits_pending = new.debits_pending,
       credits_pending = new.credits_pending,
       version = new.version,
       credit_limit = new.credit_limit,
       maximum_balance = new.maximum_balance,
       status = new.status,
       lease_token = new.lease_token,
       lease_until = new.lease_until,
       rebuilt = new.rebuilt
  from unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::bigint[], $9::text[], $10::bigint[], $11::timestamptz[],
    $12::boolean[]
  ) as new (
    number, debits_posted, credits_posted, debits_pending, credits_pending, version,
    credit_limit, maximum_balance, status, lease_token, lease_until, rebuilt
  )
 where account.number = new.number
