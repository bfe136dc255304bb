-- Values come as one run of bytes, for an array of texts is taken apart letter by letter; and of what a
-- claim itself has written they don't go back again. `create_entries` stays for banks that run an
-- earlier version until they are started anew.
create function lastro_register.create_packed(
  pinned_generation text, pinned_revision bigint,
  keys text[], packed bytea, starts integer[], lengths integer[],
  tags uuid[], coordinators text[], ids text[]
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
  select claim.key, substring(packed from claim.start for claim.length), claim.tag, raised
    from unnest(keys, starts, lengths, tags, coordinators, ids)
           as claim (key, start, length, tag, coordinator, id)
    left join lastro_register.floor on floor.coordinator = claim.coordinator
   where floor.floor is null or claim.id >= floor.floor
  on conflict (key) do nothing;
  return query
  select entry.key, case when entry.tag = claim.tag then null else entry.value end, entry.tag,
         entry.revision, floor.floor, raised
    from unnest(keys, tags, coordinators) with ordinality as claim (key, tag, coordinator, place)
    left join lastro_register.entry on entry.key = claim.key
    left join lastro_register.floor on floor.coordinator = claim.coordinator
   order by claim.place;
end $$;
