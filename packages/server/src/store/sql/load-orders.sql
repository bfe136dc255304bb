select o.id, o.seq, o.status, o.customer, o.merchant, o.asset, o.total, o.code, o.details, o.at,
       exists (select 1 from order_cancellation c where c.order_id = o.id) as is_cancelled,
       (select t.owner from transaction t where t.id = o.id) as cross_bank,
       l.line, l.sku, l.name, l.unit_price, l.quantity, l.total as line_total
  from orders o join order_line l on l.order_seq = o.seq
 where o.id = any($1::uuid[])
 order by o.seq, l.line
