update cross_transaction
   set state = new.state,
       signature = new.signature,
       yes = new.yes,
       because = new.because,
       rebuilt = new.rebuilt,
       settled = new.settled,
       decided_at = new.decided_at,
       decided_seq = new.decided_seq
  from unnest(
    $1::text[], $2::text[], string_to_array($3::text, E'\n', ''),
    string_to_array($4::text, E'\n', ''), string_to_array($5::text, E'\n', ''), $6::boolean[],
    $7::boolean[], $8::timestamptz[], $9::bigint[]
  ) as new (id, state, signature, yes, because, rebuilt, settled, decided_at, decided_seq)
 where cross_transaction.id = new.id
