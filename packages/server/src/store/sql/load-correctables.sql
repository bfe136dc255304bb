select t.id, f.id as "from", o.id as "to", t.amount, f.asset, t.metadata, t.transaction,
       coalesce((select sum(r.amount) from reversal r where r.reverses = t.id), 0)::bigint as reversed,
       coalesce((select p.id from orders p where p.id = t.transaction),
                (select c.order_id from order_cancellation c where c.id = t.transaction)) as order_id,
       (select x.owner from transaction x where x.id = t.transaction) as cross_bank,
       exists (select 1 from hold h where h.id = t.transaction) as is_hold
  from transfer t
  join account f on f.number = t.from_account
  join account o on o.number = t.to_account
 where t.id = any($1::uuid[])
