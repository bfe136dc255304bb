select id from transaction where id = any($1::uuid[])
union
select id from orders where id = any($1::uuid[])
