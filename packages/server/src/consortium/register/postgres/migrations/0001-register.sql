-- The register in PostgreSQL: one schema, which the banks of one database share.
-- Every change locks the one row of `register` first and raises its revision, so that changes have
-- one order and no deadlock. Each statement of a function takes its own snapshot (READ COMMITTED),
-- after that lock: it sees every change before its own.

create table lastro_register.register (
  singleton boolean primary key default true check (singleton),
  generation text collate "C" not null,
  revision bigint not null check (revision > 0)
) with (fillfactor = 10);

create table lastro_register.entry (
  key text collate "C" primary key check (key ~ '^[A-Za-z0-9._:@+/-]{1,200}$'),
  value bytea not null check (length(value) <= 65536),
  tag uuid not null,
  revision bigint not null
);

create table lastro_register.floor (
  coordinator text collate "C" primary key,
  floor text collate "C" not null
);

-- Locks the register and raises its revision, if it is still what the caller pinned; else null.
create function lastro_register.advance(pinned_generation text, pinned_revision bigint)
returns bigint language sql volatile as $$
  update lastro_register.register set revision = revision + 1
   where generation = pinned_generation and revision >= pinned_revision
  returning revision
$$;

-- What stands for each claim afterwards, in their order. No row: the pin didn't hold.
create function lastro_register.create_entries(
  pinned_generation text, pinned_revision bigint,
  keys text[], hex_values text[], tags uuid[], coordinators text[], ids text[]
) returns table (key text, value bytea, tag uuid, revision bigint, floor text, at_revision bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  raised bigint := lastro_register.advance(pinned_generation, pinned_revision);
begin
  if raised is null then
    return;
  end if;
  insert into lastro_register.entry (key, value, tag, revision)
  select claim.key, decode(claim.hex, 'hex'), claim.tag, raised
    from unnest(keys, hex_values, tags, coordinators, ids)
           as claim (key, hex, tag, coordinator, id)
    left join lastro_register.floor on floor.coordinator = claim.coordinator
   where floor.floor is null or claim.id >= floor.floor
  on conflict (key) do nothing;
  return query
  select entry.key, entry.value, entry.tag, entry.revision, floor.floor, raised
    from unnest(keys, coordinators) with ordinality as claim (key, coordinator, place)
    left join lastro_register.entry on entry.key = claim.key
    left join lastro_register.floor on floor.coordinator = claim.coordinator
   order by claim.place;
end $$;

-- Whether it was swapped, and what stands afterwards. No row: the pin didn't hold.
create function lastro_register.swap_entry(
  pinned_generation text, pinned_revision bigint,
  swapped_key text, from_revision bigint, new_value bytea, new_tag uuid
) returns table (
  swapped boolean, key text, value bytea, tag uuid, revision bigint, at_revision bigint
)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  raised bigint := lastro_register.advance(pinned_generation, pinned_revision);
  touched bigint;
begin
  if raised is null then
    return;
  end if;
  if new_value is null then
    delete from lastro_register.entry
     where entry.key = swapped_key and entry.revision = from_revision;
  else
    update lastro_register.entry set value = new_value, tag = new_tag, revision = raised
     where entry.key = swapped_key and entry.revision = from_revision;
  end if;
  get diagnostics touched = row_count;
  return query
  select touched = 1, entry.key, entry.value, entry.tag, entry.revision, raised
    from (values (true)) as one
    left join lastro_register.entry on entry.key = swapped_key;
end $$;

-- The floor that stands afterwards. No row: the pin didn't hold.
create function lastro_register.retire(
  pinned_generation text, pinned_revision bigint,
  retiring text, new_floor text, keys text[]
) returns table (floor text, at_revision bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  raised bigint := lastro_register.advance(pinned_generation, pinned_revision);
begin
  if raised is null then
    return;
  end if;
  insert into lastro_register.floor (coordinator, floor) values (retiring, new_floor)
  on conflict (coordinator) do update set floor = greatest(floor.floor, excluded.floor);
  delete from lastro_register.entry where entry.key = any (keys);
  return query
  select floor.floor, raised from lastro_register.floor where floor.coordinator = retiring;
end $$;
