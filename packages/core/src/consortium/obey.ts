import { isComplete, type Commit, type CrossBankDecision } from './cross-bank-decision.ts';
import { coordinatorOf, participantsOf } from './cross-bank-transaction.ts';
import { deliver } from './deliver.ts';
import type { Alarm, Effect, LedgerEffect, Step } from './effect.ts';
import { localTransfers } from './local-transfers.ts';
import type { CarriedDecision, HashedBody } from './message.ts';
import type { Standpoint } from './protocol-settings.ts';
import {
  NOTHING_REMEMBERED,
  subjectOf,
  type Aborted,
  type Committed,
  type TransactionState,
} from './protocol-state.ts';
import { remember } from './remember.ts';

// What a decision does to a bank. Each of these runs in one block with its ledger effects, guarded
// by the durable state: `prepared` is left once, so nothing is posted or given back twice.

/** A peer brings the decision. The coordinator gets an acknowledgement when it is applied here. */
export function hearDecision(
  here: Standpoint,
  state: TransactionState,
  from: string,
  decision: CarriedDecision,
  now: number,
): Step {
  const subject = subjectOf(state);
  if (subject !== null && !participantsOf(subject.body).includes(from)) {
    return alarm(state, 'not_a_participant');
  }
  const carriedBody = decision.is === 'commit' ? decision : null;
  const step = obey(here, state, decision, carriedBody, now);
  const applied = step.state.durable;
  const isApplied =
    decision.is === 'commit' ? applied.is === 'committed' : applied.is === 'aborted';
  if (!isApplied || from !== coordinatorOf(state.id)) return step;
  const message = { type: 'acknowledge', decision: decision.is } as const;
  return { state: step.state, effects: [...step.effects, { type: 'send', to: from, message }] };
}

/**
 * Applies what stands. `carriedBody` comes with the decision for those who have none of their own;
 * the register keeps hashes only.
 */
export function obey(
  here: Standpoint,
  state: TransactionState,
  decision: CrossBankDecision,
  carriedBody: HashedBody | null,
  now: number,
): Step {
  return decision.is === 'commit'
    ? obeyCommit(here, state, decision, carriedBody, now)
    : obeyAbort(here, state, now);
}

function obeyCommit(
  here: Standpoint,
  state: TransactionState,
  commit: Commit,
  carriedBody: HashedBody | null,
  now: number,
): Step {
  const known = subjectOf(state) ?? carriedBody;
  // The register's answer to a question that was asked before the bank forgot.
  if (known === null) return remember(state, {});
  const fault = faultOf(here, state.id, commit, known);
  if (fault !== undefined) return alarm(state, fault);
  switch (state.durable.is) {
    case 'committed':
      return remember(state, {});
    case 'aborted':
      return alarm(state, 'contradiction');
    case 'absent':
    case 'prepared':
    case 'in_doubt':
      return commitHere(here, state, commit, known, now);
  }
}

/** Why a commit is none for this body and this bank. */
function faultOf(
  here: Standpoint,
  id: string,
  commit: Commit,
  { body, hash }: HashedBody,
): Alarm | undefined {
  if (hash !== commit.hash || body.id !== id) return 'other_hash';
  if (!isComplete(commit, body)) return 'incomplete_commit';
  return participantsOf(body).includes(here.bank) ? undefined : 'not_a_participant';
}

function commitHere(
  here: Standpoint,
  state: TransactionState,
  { yes }: Commit,
  { body, hash }: HashedBody,
  now: number,
): Step {
  const isCoordinator = here.bank === coordinatorOf(state.id);
  const rebuilt = state.durable.is !== 'prepared';
  const ledger: LedgerEffect = rebuilt
    ? { type: 'post', transfers: localTransfers(here.bank, body) }
    : { type: 'capture' };
  const durable: Committed = {
    is: 'committed',
    body,
    hash,
    yes,
    rebuilt,
    at: now,
    settled: !isCoordinator,
  };
  const next = { id: state.id, durable, memory: NOTHING_REMEMBERED };
  const effects: Effect[] = [ledger];
  if (rebuilt) effects.push({ type: 'alarm', alarm: 'rebuilt' });
  if (!isCoordinator) return { state: next, effects };
  const told = deliver(here, next, now);
  effects.push({ type: 'answer', answer: { is: 'committed' } }, ...told.effects);
  return { state: told.state, effects };
}

function obeyAbort(here: Standpoint, state: TransactionState, now: number): Step {
  const { durable } = state;
  switch (durable.is) {
    case 'aborted':
      return remember(state, {});
    case 'committed':
      return alarm(state, 'contradiction');
    case 'absent':
      // A tombstone: whatever Prepare is still on its way comes too late.
      return { state: aborted(state, null, now, true), effects: [] };
    case 'in_doubt':
      return abortHere(here, state, durable, [], now);
    case 'prepared':
      return abortHere(here, state, durable, [{ type: 'release' }], now);
  }
}

function abortHere(
  here: Standpoint,
  state: TransactionState,
  undecided: HashedBody,
  ledger: readonly LedgerEffect[],
  now: number,
): Step {
  const isCoordinator = here.bank === coordinatorOf(state.id);
  const next = aborted(state, undecided, now, !isCoordinator);
  if (!isCoordinator) return { state: next, effects: ledger };
  const told = deliver(here, next, now);
  const answer = { is: 'aborted', because: state.memory.objections } as const;
  return { state: told.state, effects: [...ledger, { type: 'answer', answer }, ...told.effects] };
}

function aborted(
  { id, memory }: TransactionState,
  undecided: HashedBody | null,
  at: number,
  settled: boolean,
): TransactionState & { readonly durable: Aborted } {
  const subject = undecided === null ? null : { body: undecided.body, hash: undecided.hash };
  const durable: Aborted = { is: 'aborted', subject, because: memory.objections, at, settled };
  return { id, durable, memory: NOTHING_REMEMBERED };
}

function alarm(state: TransactionState, what: Alarm): Step {
  return remember(state, {}, [{ type: 'alarm', alarm: what }]);
}
