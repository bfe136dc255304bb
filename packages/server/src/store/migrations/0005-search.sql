-- Search by metadata, and of accounts. No index may cost the hot path what it doesn't use, and none may
-- make one page read an unbounded part of it. So the metadata of transfers is indexed by spans of 4 096
-- numbers of events, `seq >> 12`, and pages go down the spans, newest first. Amounts have no index: see
-- docs/decisions/search-indexes.md.

-- jsonb_path_ops hashes a value with its path, and the path begins with the span. Only transfers with
-- metadata are in it. What waits to be sorted in is read by every look-up, so little may wait.
create index transfer_metadata on transfer
  using gin (jsonb_set('{}'::jsonb, array[(seq >> 12)::text], metadata) jsonb_path_ops)
  with (gin_pending_list_limit = 64)
  where metadata is not null;

-- Accounts are numbered in the order of their opening; none of these columns ever changes, so updates
-- of balances stay within their page (HOT).
create index account_asset on account (asset, number);
create index account_metadata on account
  using gin (jsonb_set('{}'::jsonb, array[(number >> 12)::text], metadata) jsonb_path_ops)
  with (gin_pending_list_limit = 64)
  where metadata is not null;

-- Rows arrive in the order of seq: for the holds that ended up to an event.
create index hold_end_seq on hold_end using brin (seq) with (pages_per_range = 16, autosummarize = on);
