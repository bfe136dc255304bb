select t.id, s.seq, b.first_seq, b.body,
       coalesce((select p.id from orders p where p.id = t.id),
                (select c.order_id from order_cancellation c where c.id = t.id)) as order_id,
       t.owner as cross_bank
  from transaction t
  left join cross_transaction x on x.id = t.owner
  left join hold h on h.id = t.id
  left join hold_end e on e.hold_seq = h.seq
  cross join lateral (select case when t.owner is not null then x.decided_seq
                                  when h.id is not null then e.seq
                                  else t.seq end as seq) s
  join lateral (select first_seq, body from block where first_seq <= s.seq
                 order by first_seq desc limit 1) b on true
 where t.id = any($1::uuid[])
