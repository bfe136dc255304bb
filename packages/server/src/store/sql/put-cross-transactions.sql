insert into cross_transaction (
  id, state, hash, body, signature, yes, because, rebuilt, settled, decided_at, pending_order, seq,
  at, last_seq
)
select * from unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::boolean[], $9::boolean[], $10::timestamptz[], $11::text[], $12::bigint[],
  $13::timestamptz[], $14::bigint[]
)
on conflict (id) do update
  set state = excluded.state, signature = excluded.signature, yes = excluded.yes,
      because = excluded.because, rebuilt = excluded.rebuilt, settled = excluded.settled,
      decided_at = excluded.decided_at, last_seq = excluded.last_seq
