select h.id, null as owner, h.seq, h.at, o.expires_at,
       null as end_state, null::bigint as end_seq, null::timestamptz as end_at,
       l.leg, f.id as "from", t.id as "to", l.amount, f.asset, l.metadata
  from (select hold_seq, expires_at from hold_open
         where expires_at <= $1::timestamptz
         order by expires_at, hold_seq limit $2) o
  join hold h on h.seq = o.hold_seq
  join hold_leg l on l.hold_seq = h.seq
  join account f on f.number = l.from_account
  join account t on t.number = l.to_account
 order by o.expires_at, h.seq, l.leg
