import { coordinatorOf, participantsOf } from './cross-bank-transaction.ts';
import { answerAsk, hearAcknowledged } from './deliver.ts';
import type { Step } from './effect.ts';
import { hearVote } from './gather.ts';
import type { HashedBody } from './message.ts';
import { hearDecision, obey } from './obey.ts';
import { begin, held, notHeld, prepare } from './promise.ts';
import type { ProtocolEvent } from './protocol-event.ts';
import type { Standpoint } from './protocol-settings.ts';
import type { InDoubt, TransactionState } from './protocol-state.ts';
import { NOTHING_REMEMBERED } from './protocol-state.ts';
import { remember } from './remember.ts';
import { wake } from './wake.ts';

/**
 * One step of one cross-bank transaction at one bank, coordinator or participant. Pure.
 *
 * The caller writes `state.durable` and the ledger effects in one block, and lets the other effects
 * go only when that block stands. A step with the effect `hold` is followed at once, in the same
 * block, by a step with the ledger's verdict. `state.memory` may be lost at any time: after that the
 * caller goes on from `afterRestart` with a `wake`. Throws only on what the caller may never do.
 */
export function step(here: Standpoint, state: TransactionState, event: ProtocolEvent): Step {
  switch (event.type) {
    case 'begin':
      return begin(here, state, event);
    case 'message':
      return hear(here, state, event);
    case 'held':
      return held(here, state, event.now);
    case 'not_held':
      return notHeld(here, state, event);
    case 'register.stands':
      return hearRegister(here, state, event);
    case 'register.empty':
    case 'register.away':
      // No decision: the wake that was set with the question asks again.
      return remember(state, {});
    case 'register.below_floor':
      return remember(
        state,
        {},
        isUndecided(state) ? [{ type: 'alarm', alarm: 'below_floor' }] : [],
      );
    case 'wake':
      return wake(here, state, event.now);
  }
}

function isUndecided({ durable }: TransactionState): boolean {
  return durable.is === 'prepared' || durable.is === 'in_doubt';
}

function hear(
  here: Standpoint,
  state: TransactionState,
  event: Extract<ProtocolEvent, { readonly type: 'message' }>,
): Step {
  const { from, message, signature, now } = event;
  switch (message.type) {
    case 'prepare': {
      const { body, hash } = message;
      return prepare(here, state, from, { body, hash, signature }, now);
    }
    case 'vote':
      return here.bank === coordinatorOf(state.id)
        ? hearVote(here, state, from, message, now)
        : remember(state, {});
    case 'apply':
      return hearDecision(here, state, from, message.decision, now);
    case 'acknowledge':
      return here.bank === coordinatorOf(state.id)
        ? hearAcknowledged(here, state, from, message.decision)
        : remember(state, {});
    case 'ask':
      return answerAsk(state, from);
    case 'report':
      return hearReport(here, state, message, now);
  }
}

/** An answer of a register that has since been seen going back says nothing any more. */
function hearRegister(
  here: Standpoint,
  state: TransactionState,
  event: Extract<ProtocolEvent, { readonly type: 'register.stands' }>,
): Step {
  const { generation, is } = here.register;
  if (event.generation !== generation || is === 'closed') return remember(state, {});
  // Who has no record gets the decision with its body from a peer, not from here.
  if (state.durable.is === 'absent') return remember(state, {});
  return obey(here, state, event.decision, null, event.now);
}

/** A peer says to a restored bank what it may have promised: it will ask until it knows. */
function hearReport(
  here: Standpoint,
  state: TransactionState,
  { body, hash }: HashedBody,
  now: number,
): Step {
  const isMine = body.id === state.id && participantsOf(body).includes(here.bank);
  if (!isMine || state.durable.is !== 'absent') return remember(state, {});
  const durable: InDoubt = { is: 'in_doubt', body, hash };
  return wake(here, { id: state.id, durable, memory: NOTHING_REMEMBERED }, now);
}
