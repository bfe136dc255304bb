select id, state, hash, body, signature, yes, because, rebuilt, settled, decided_at, pending_order,
       seq, at, decided_seq
  from cross_transaction where id = any($1::text[])
