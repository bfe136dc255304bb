insert into cross_transaction (
  id, state, signature, yes, because, rebuilt, settled, decided_at, decided_seq, hash, body,
  pending_order, seq, at
)
select * from unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[],
  $8::timestamptz[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::bigint[],
  $14::timestamptz[]
)
