update account
   set debits_posted = new.debits_posted,
       credits_posted = new.credits_posted,
       debits_pending = new.debits_pending,
       credits_pending = new.credits_pending,
       version = new.version
  from unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]
  ) as new (number, debits_posted, credits_posted, debits_pending, credits_pending, version)
 where account.number = new.number
