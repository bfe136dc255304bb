select l.id, a.id as account, l.owner, l.ttl, l.ticket, l.wait_until, l.token, l.expires_at
  from lease l join account a on a.number = l.account
 where a.id = any($1::text[])
 order by l.ticket
