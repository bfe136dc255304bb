select h.id, x.owner, h.seq, h.at, coalesce(o.expires_at, e.expires_at) as expires_at,
       e.state as end_state, e.seq as end_seq, e.at as end_at,
       l.leg, f.id as "from", t.id as "to", l.amount, f.asset, l.metadata
  from hold h
  join transaction x on x.id = h.id
  join hold_leg l on l.hold_seq = h.seq
  join account f on f.number = l.from_account
  join account t on t.number = l.to_account
  left join hold_open o on o.hold_seq = h.seq
  left join hold_end e on e.hold_seq = h.seq
 where h.id = any($1::uuid[])
 order by h.seq, l.leg
