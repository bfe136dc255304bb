import type { CrossBankTransactionAnswer } from '@lastro/contract';
import type { consortium } from '@lastro/core';
import type { BankVote, CrossBankView } from '../../http/cross-bank-host.ts';
import { writtenPlace } from '../../http/cross-bank/place.ts';
import { toJsonInteger, toTimestamp } from '../../http/wire.ts';

/** A transaction across banks as this bank knows it. */
export function presentView(view: CrossBankView): CrossBankTransactionAnswer {
  const { id, state, coordinator, body, votes, decision, rebuilt, settled, seq } = view;
  return {
    id,
    state,
    coordinator,
    legs: body === null ? [] : body.legs.map(toLeg),
    votes: votes.map(toVote),
    decision,
    decideBy: body === null ? null : toTimestamp(body.decideBy),
    preparedAt: timeOf(view.preparedAt),
    decidedAt: timeOf(view.decidedAt),
    rebuilt,
    settled,
    seq,
  };
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : toTimestamp(milliseconds);
}

function toLeg({ from, to, amount, asset }: consortium.Leg) {
  return { from: writtenPlace(from), to: writtenPlace(to), amount: toJsonInteger(amount), asset };
}

function toVote({ bank, vote, reason }: BankVote): CrossBankTransactionAnswer['votes'][number] {
  if (reason === null) return { bank, vote };
  if (reason.code !== 'refused') return { bank, vote, reason: reason.code };
  const { refusal } = reason;
  const about = 'account' in refusal ? { account: refusal.account } : {};
  return { bank, vote, reason: refusal.code, ...about };
}
