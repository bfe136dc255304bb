select id, account, bank, amount, uses, spent, expires_at, revoked_at, seq, at
  from consent where id = any($1::uuid[])
