-- What a bank promises of a transaction across banks stands in `cross_transaction`, with how it ended:
-- only its legs are kept beside it, as those of every hold, under the number of the event that promised
-- it. A row each in `hold`, `hold_open` and `hold_end` said the same again.

alter table hold disable trigger hold_stays;
alter table hold_end disable trigger hold_end_stays;
with owned as (
  delete from hold h using transaction t where t.id = h.id and t.owner is not null returning h.seq
), opened as (
  delete from hold_open o using owned where o.hold_seq = owned.seq
)
delete from hold_end e using owned where e.hold_seq = owned.seq;
alter table hold enable trigger hold_stays;
alter table hold_end enable trigger hold_end_stays;

-- What was promised stays, and so does a decision, as the rows of holds did: a decided transaction can
-- only become settled.
create trigger cross_transaction_stays before delete or truncate on cross_transaction
  for each statement execute function refuse_change();
create trigger cross_transaction_subject_stays
  before update of id, hash, body, pending_order, seq, at on cross_transaction
  for each statement execute function refuse_change();
create trigger cross_transaction_decided_once before update on cross_transaction
  for each row
  when (old.decided_seq is not null
        and ((new.decided_seq, new.decided_at, new.state, new.yes, new.because, new.rebuilt)
               is distinct from
             (old.decided_seq, old.decided_at, old.state, old.yes, old.because, old.rebuilt)
             or old.settled and not new.settled))
  execute function refuse_change();

-- A client's hold always ends by time.
alter table hold_open alter column expires_at set not null;
alter table hold_end alter column expires_at set not null;

-- Which share of a transaction across banks an event promised, and the shares in the order of the list.
create index transaction_share on transaction (seq) where owner is not null;
-- By columns that no other step touches: one that an index depends on keeps an update from its page.
create index cross_transaction_aborted on cross_transaction (seq)
  where because is not null and hash is not null;
-- Rows arrive about in this order, so a few bytes for each range of pages find any of them; from
-- PostgreSQL 16 on such an index doesn't keep updates from their page.
create index cross_transaction_decided_seq on cross_transaction
  using brin (decided_seq) with (pages_per_range = 16, autosummarize = on);

-- Every hold, whoever owns it. What was rebuilt after it was forgotten had not been promised any more.
create view every_hold as
select h.id, null::text collate "C" as owner, h.seq, h.at,
       coalesce(o.expires_at, e.expires_at) as expires_at,
       e.state as end_state, e.seq as end_seq, e.at as end_at
  from hold h
  left join hold_open o on o.hold_seq = h.seq
  left join hold_end e on e.hold_seq = h.seq
union all
select t.id, t.owner, t.seq, x.at, null,
       case x.state when 'committed' then 'captured' when 'aborted' then 'released' end collate "C",
       x.decided_seq, x.decided_at
  from transaction t
  join cross_transaction x on x.id = t.owner
 where t.owner is not null and not x.rebuilt;
