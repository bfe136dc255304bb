insert into cross_transaction (
  id, state, signature, yes, because, rebuilt, settled, decided_at, decided_seq, hash, body,
  pending_order, seq, at
)
select * from unnest(
  $1::text[], $2::text[], string_to_array($3::text, E'\n', ''), string_to_array($4::text, E'\n', ''),
  string_to_array($5::text, E'\n', ''), $6::boolean[], $7::boolean[], $8::timestamptz[], $9::bigint[],
  string_to_array($10::text, E'\n', ''), string_to_array($11::text, E'\n', ''),
  string_to_array($12::text, E'\n', ''), $13::bigint[], $14::timestamptz[]
)
