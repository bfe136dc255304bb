select number, id, asset, debits_posted, credits_posted, debits_pending, credits_pending,
       credit_limit, maximum_balance, status, lease_token, lease_until, rebuilt, version,
       created_at, metadata
  from account where id = any($1::text[])
