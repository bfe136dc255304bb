select n.key_id, n.value
  from unnest($1::text[], $2::text[]) as asked (key_id, value)
  join peer_nonce n on n.key_id = asked.key_id and n.value = asked.value
