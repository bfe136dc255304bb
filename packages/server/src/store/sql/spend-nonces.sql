with expired as (
  delete from peer_nonce where keep_until < $4::timestamptz
)
insert into peer_nonce (key_id, value, keep_until)
select * from unnest($1::text[], $2::text[], $3::timestamptz[])
