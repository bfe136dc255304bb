-- What PostgreSQL does unasked to tables that grow all the time, it does beside the commits, and on the
-- same cores. Everything here is found by key or read in the order of an index, which needs no fine
-- statistics: a tenth of the sample tells as much. And what is cleaned up is so in small steps.
do $$
declare
  ledger_table regclass;
  part record;
begin
  foreach ledger_table in array array[
    'block', 'checkpoint', 'account', 'transfer', 'transaction', 'outcome', 'orders', 'order_line',
    'order_cancellation', 'hold', 'hold_leg', 'hold_open', 'hold_end', 'reversal', 'cross_transaction',
    'consent', 'peer_nonce'
  ]::regclass[]
  loop
    for part in
      select attname from pg_attribute
       where attrelid = ledger_table and attnum > 0 and not attisdropped
    loop
      execute format('alter table %s alter column %I set statistics 10', ledger_table, part.attname);
    end loop;
    -- An index over an expression has a sample of its own.
    for part in
      select indexrelid::regclass as index, place
        from pg_index, unnest(indkey::smallint[]) with ordinality as key (attribute, place)
       where indrelid = ledger_table and attribute = 0
    loop
      execute format('alter index %s alter column %s set statistics 10', part.index, part.place);
    end loop;
    execute format('alter table %s set (autovacuum_vacuum_cost_limit = 40)', ledger_table);
  end loop;
end $$;
