select o.principal, o.id, o.hash, o.seq, o.code
  from unnest($1::text[], $2::text[]) as asked (principal, id)
  join outcome o on o.principal = asked.principal and o.id = asked.id
