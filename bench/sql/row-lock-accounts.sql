select number, id, asset, balance from account where id = any($1::text[]) order by id for update
