import { participantsOf, type CrossBankTransaction } from './cross-bank-transaction.ts';
import type { Yes } from './vote.ts';

/** Proof that all agreed: the hash of the one body, and the yes of every participant. */
export interface Commit {
  readonly is: 'commit';
  readonly hash: string;
  readonly yes: readonly Yes[];
}

export interface Abort {
  readonly is: 'abort';
}

/** What stands in the register under `decision/<id>`, whoever wrote it. */
export type CrossBankDecision = Commit | Abort;

export const ABORT: Abort = { is: 'abort' };

/** Whether every participant of the body, and nobody else, has said yes exactly once. */
export function isComplete(commit: Commit, body: CrossBankTransaction): boolean {
  const banks = commit.yes.map(({ bank }) => bank).toSorted();
  const needed = participantsOf(body).toSorted();
  return banks.length === needed.length && needed.every((bank, index) => banks[index] === bank);
}
