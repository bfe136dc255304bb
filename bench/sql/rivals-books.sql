-- Accounts whose balance is not what they began with plus what their transfers brought; $1: that beginning.
select count(*) as wrong
  from account a
  left join (select from_account as number, sum(amount) as moved from transfer group by 1) o
    on o.number = a.number
  left join (select to_account as number, sum(amount) as moved from transfer group by 1) i
    on i.number = a.number
 where a.balance <> $1::bigint - coalesce(o.moved, 0) + coalesce(i.moved, 0)
