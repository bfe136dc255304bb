insert into order_cancellation (order_id, id, seq, at)
select order_id, id, seq, $4::timestamptz
  from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as new (order_id, id, seq)
