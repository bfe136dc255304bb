import { consortium, type CrossBankRecord } from '@lastro/core';
import type { BankVote, CrossBankView } from '../../http/cross-bank-host.ts';
import { isDecided } from './track.ts';

/** A transaction as this bank has recorded it, and what it remembers of votes that are still open. */
export function viewOf(
  record: CrossBankRecord,
  memory: consortium.Memory | undefined,
): CrossBankView {
  const { id, durable, seq, at } = record;
  const subject = durable.is === 'aborted' ? durable.subject : durable;
  const isHeard = durable.is === 'aborted' && durable.subject === null;
  return {
    id,
    coordinator: consortium.coordinatorOf(id),
    state: durable.is,
    body: subject?.body ?? null,
    hash: subject?.hash ?? null,
    votes: subject === null ? [] : votesOf(subject.body, durable, memory),
    decision: decisionOf(durable),
    rebuilt: durable.is === 'committed' && durable.rebuilt,
    settled: isDecided(durable) && durable.settled,
    preparedAt: isHeard || (durable.is === 'committed' && durable.rebuilt) ? null : at,
    decidedAt: isDecided(durable) ? durable.at : null,
    seq,
  };
}

function decisionOf({ is }: CrossBankRecord['durable']): 'commit' | 'abort' | null {
  if (is === 'committed') return 'commit';
  return is === 'aborted' ? 'abort' : null;
}

function votesOf(
  body: consortium.CrossBankTransaction,
  durable: CrossBankRecord['durable'],
  memory: consortium.Memory | undefined,
): readonly BankVote[] {
  const yes = durable.is === 'committed' ? durable.yes : (memory?.yes ?? []);
  const objections = durable.is === 'aborted' ? durable.because : (memory?.objections ?? []);
  const said = new Set(yes.map(({ bank }) => bank));
  return consortium.participantsOf(body).map((bank): BankVote => {
    if (said.has(bank)) return { bank, vote: 'yes', reason: null };
    const objection = objections.find((one) => one.bank === bank);
    if (objection !== undefined) return { bank, vote: 'no', reason: objection.reason };
    return { bank, vote: 'unknown', reason: null };
  });
}
