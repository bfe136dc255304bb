import { ABORT, type CrossBankDecision } from './cross-bank-decision.ts';
import { othersOf } from './cross-bank-transaction.ts';
import { answerAsk } from './deliver.ts';
import type { Effect, Step } from './effect.ts';
import { patientUntil } from './patience.ts';
import type { Standpoint } from './protocol-settings.ts';
import type { Prepared, TransactionState } from './protocol-state.ts';
import { remember, wakeAgain, wakeForHeld } from './remember.ts';
import type { Objection, Vote } from './vote.ts';

/** The coordinator hears a vote. Votes are memory: who asks again gets the same promise again. */
export function hearVote(
  here: Standpoint,
  state: TransactionState,
  from: string,
  message: { readonly hash: string; readonly vote: Vote },
  now: number,
): Step {
  const { durable } = state;
  // Nothing of it is known here, or not enough to count votes: the voter will recover by itself.
  if (durable.is === 'absent' || durable.is === 'in_doubt') return remember(state, {});
  // Who votes on what is decided has missed the decision.
  if (durable.is !== 'prepared') return answerAsk(state, from);
  if (!othersOf(durable.body, here.bank).includes(from)) {
    return remember(state, {}, [{ type: 'alarm', alarm: 'not_a_participant' }]);
  }
  if (message.hash !== durable.hash) {
    return remember(state, {}, [{ type: 'alarm', alarm: 'other_hash' }]);
  }
  // A decision is on its way to the register already.
  if (state.memory.intent !== null) return remember(state, {});
  const { vote } = message;
  return vote.is === 'yes'
    ? hearYes(here, state, durable, { bank: from, signature: vote.signature }, now)
    : hearNo(here, state, durable, { bank: from, reason: vote.reason }, now);
}

function hearYes(
  here: Standpoint,
  state: TransactionState,
  { body, hash, signature }: Prepared,
  voter: { readonly bank: string; readonly signature: string },
  now: number,
): Step {
  const yes = [...state.memory.yes.filter(({ bank }) => bank !== voter.bank), voter];
  const objections = state.memory.objections.filter(({ bank }) => bank !== voter.bank);
  const counted = remember(state, { yes, objections }).state;
  if (yes.length < othersOf(body, here.bank).length) return { state: counted, effects: [] };
  if (now > body.decideBy) return intend(here, counted, ABORT, now);
  const all = [{ bank: here.bank, signature }, ...yes];
  return intend(here, counted, { is: 'commit', hash, yes: all }, now);
}

function hearNo(
  here: Standpoint,
  state: TransactionState,
  { body }: Prepared,
  objection: Objection,
  now: number,
): Step {
  const { bank, reason } = objection;
  const isPromised = state.memory.yes.some((yes) => yes.bank === bank);
  const isSoft = reason.code === 'funds_held';
  // What came before the promise and was overtaken by it.
  if (isPromised && isSoft) return remember(state, {});
  const others = state.memory.objections.filter((known) => known.bank !== bank);
  const noted = remember(state, { objections: [...others, objection] }).state;
  if (!isSoft || now >= patientUntil(body)) return intend(here, noted, ABORT, now);
  return { state: noted, effects: [wakeForHeld(here.settings, now)] };
}

/** Tries to make a decision stand. What the register answers is obeyed, be it this one or not. */
export function intend(
  here: Standpoint,
  state: TransactionState,
  decision: CrossBankDecision,
  now: number,
): Step {
  const effects: Effect[] = [wakeAgain(here.settings, now, state.memory.attempts)];
  const { generation, is } = here.register;
  // One that went back gets nothing new before every member has published again.
  if (is !== 'closed') effects.unshift({ type: 'register.create', generation, decision });
  const attempts = state.memory.attempts + 1;
  return remember(state, { intent: decision, attempts }, effects);
}
