import { consortium, type CrossBankRecord } from '@lastro/core';
import type { BankVote, CrossBankView } from '../cross-bank-host.ts';

/**
 * A transaction as this bank has recorded it, and what its host remembers of votes that are still
 * open; undefined: nothing.
 */
export function viewOf(
  bank: string,
  record: Pick<CrossBankRecord, 'id' | 'durable' | 'seq' | 'at'>,
  memory: Pick<consortium.Memory, 'yes' | 'objections'> | undefined,
): CrossBankView {
  const { id, durable, seq, at } = record;
  const subject = durable.is === 'aborted' ? durable.subject : durable;
  const isPromised =
    durable.is === 'committed' ? !durable.rebuilt : durable.is !== 'in_doubt' && subject !== null;
  return {
    id,
    coordinator: consortium.coordinatorOf(id),
    state: durable.is,
    body: subject?.body ?? null,
    hash: subject?.hash ?? null,
    votes: subject === null ? [] : votesOf(bank, subject.body, durable, memory),
    decision: decisionOf(durable),
    rebuilt: durable.is === 'committed' && durable.rebuilt,
    settled: isDecided(durable) && durable.settled,
    preparedAt: isPromised ? at : null,
    decidedAt: isDecided(durable) ? durable.at : null,
    seq,
  };
}

function decisionOf({ is }: CrossBankRecord['durable']): 'commit' | 'abort' | null {
  if (is === 'committed') return 'commit';
  return is === 'aborted' ? 'abort' : null;
}

function votesOf(
  own: string,
  body: consortium.CrossBankTransaction,
  durable: CrossBankRecord['durable'],
  memory: Pick<consortium.Memory, 'yes' | 'objections'> | undefined,
): readonly BankVote[] {
  const yes = durable.is === 'committed' ? durable.yes : (memory?.yes ?? []);
  const objections = durable.is === 'aborted' ? durable.because : (memory?.objections ?? []);
  const said = new Set(yes.map(({ bank }) => bank));
  // Who has recorded the legs has promised them, unless a peer told a restored bank of them.
  if (durable.is !== 'in_doubt') said.add(own);
  return consortium.participantsOf(body).map((bank): BankVote => {
    const objection = objections.find((one) => one.bank === bank);
    if (objection !== undefined) return { bank, vote: 'no', reason: objection.reason };
    if (said.has(bank)) return { bank, vote: 'yes', reason: null };
    return { bank, vote: 'unknown', reason: null };
  });
}

function isDecided(
  durable: CrossBankRecord['durable'],
): durable is Extract<consortium.Durable, { readonly is: 'committed' | 'aborted' }> {
  return durable.is === 'committed' || durable.is === 'aborted';
}
