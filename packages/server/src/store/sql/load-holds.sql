select h.id, h.owner, h.seq, h.at, h.expires_at, h.end_state, h.end_seq, h.end_at,
       l.leg, f.id as "from", t.id as "to", l.amount, f.asset, l.metadata
  from every_hold h
  join hold_leg l on l.hold_seq = h.seq
  join account f on f.number = l.from_account
  join account t on t.number = l.to_account
 where h.id = any($1::uuid[])
 order by h.seq, l.leg
