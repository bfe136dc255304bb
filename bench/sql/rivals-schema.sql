-- The tables of the baselines rowLock, rowLockHot and function, in a database of their own. They
-- hold what an application usually keeps: no journal, no outcomes, no balances after each transfer.

create table account (
  number bigint generated always as identity primary key,
  id text collate "C" not null unique,
  asset text collate "C" not null,
  balance bigint not null check (balance >= 0)
) with (fillfactor = 50);

create table transfer (
  id uuid primary key,
  seq bigint generated always as identity,
  from_account bigint not null,
  to_account bigint not null,
  amount bigint not null check (amount > 0),
  at timestamptz not null default now()
);
create index transfer_from on transfer (from_account, seq);
create index transfer_to on transfer (to_account, seq);

-- The strong form: one call does what rowLock does in six statements. Null: refused.
create function post_transfer(
  transfer_id uuid, from_id text, to_id text, moved bigint, out seq bigint, out at timestamptz
) language plpgsql as $$
declare
  locked record;
  payer bigint;
  payee bigint;
begin
  for locked in
    select a.number, a.id, a.balance from account a
     where a.id in (from_id, to_id) order by a.id for update
  loop
    if locked.id = to_id then
      payee := locked.number;
    elsif locked.balance >= moved then
      payer := locked.number;
    end if;
  end loop;
  if payer is null or payee is null then
    return;
  end if;
  update account set balance = balance - moved where number = payer;
  update account set balance = balance + moved where number = payee;
  insert into transfer (id, from_account, to_account, amount)
    values (transfer_id, payer, payee, moved)
    returning transfer.seq, transfer.at into seq, at;
end $$;
