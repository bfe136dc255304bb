-- A block of nothing but transfers, deposits, withdrawals and refusals, written by one call: a small
-- block costs mostly the round of its statements. What it does and in which order is what the single
-- statements of `store/sql/` do for every other block.

create function write_moves(
  new_block bigint, new_id uuid, new_first_seq bigint, new_last_seq bigint,
  new_previous bytea, new_hash bytea, new_at timestamptz, new_body bytea, new_accounts bigint,
  account_numbers bigint[], account_debits_posted bigint[], account_credits_posted bigint[],
  account_debits_pending bigint[], account_credits_pending bigint[], account_versions bigint[],
  transfer_ids uuid[], transfer_seqs bigint[], transfer_legs integer[], transfer_froms bigint[],
  transfer_tos bigint[], transfer_amounts bigint[], transfer_from_balances bigint[],
  transfer_to_balances bigint[], transfer_transactions uuid[], transfer_metadata jsonb[],
  outcome_principals text[], outcome_ids text[], outcome_hashes bytea[], outcome_seqs bigint[],
  outcome_codes text[]
) returns void language plpgsql as $$
begin
  perform advance_head(new_block - 1, new_last_seq, new_hash, new_at, new_accounts);
  insert into block (block, id, first_seq, last_seq, previous, hash, at, body)
  values (new_block, new_id, new_first_seq, new_last_seq, new_previous, new_hash, new_at, new_body);
  update account
     set debits_posted = new.debits_posted,
         credits_posted = new.credits_posted,
         debits_pending = new.debits_pending,
         credits_pending = new.credits_pending,
         version = new.version
    from unnest(
      account_numbers, account_debits_posted, account_credits_posted, account_debits_pending,
      account_credits_pending, account_versions
    ) as new (number, debits_posted, credits_posted, debits_pending, credits_pending, version)
   where account.number = new.number;
  insert into transfer (
    id, seq, leg, from_account, to_account, amount, from_balance, to_balance, transaction, at,
    metadata
  )
  select id, seq, leg, from_account, to_account, amount, from_balance, to_balance, transaction,
         new_at, metadata
    from unnest(
      transfer_ids, transfer_seqs, transfer_legs, transfer_froms, transfer_tos, transfer_amounts,
      transfer_from_balances, transfer_to_balances, transfer_transactions, transfer_metadata
    ) as new (
      id, seq, leg, from_account, to_account, amount, from_balance, to_balance, transaction,
      metadata
    );
  insert into outcome (principal, id, hash, seq, code)
  select * from unnest(
    outcome_principals, outcome_ids, outcome_hashes, outcome_seqs, outcome_codes
  );
end $$;
