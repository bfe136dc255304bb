import {
  coordinatorOf,
  othersOf,
  participantsOf,
  transactionFault,
} from './cross-bank-transaction.ts';
import type { Effect, Step } from './effect.ts';
import { localTransfers } from './local-transfers.ts';
import type { ProtocolEvent } from './protocol-event.ts';
import type { Standpoint } from './protocol-settings.ts';
import {
  NOTHING_REMEMBERED,
  subjectOf,
  type Prepared,
  type TransactionState,
  type Wanted,
} from './protocol-state.ts';
import { remember, wakeAgain, wakeForHeld } from './remember.ts';
import type { NoReason } from './vote.ts';

// How a bank comes to promise its part: the coordinator when it begins, a participant when it is
// asked to prepare. The ledger's verdict comes back within the same block, so the promise and its
// holds are durable together, and before anybody hears of them.

/** A client wants it. Refusals leave nothing behind. */
export function begin(
  here: Standpoint,
  state: TransactionState,
  event: Extract<ProtocolEvent, { readonly type: 'begin' }>,
): Step {
  const { body, hash, signature, now } = event;
  if (state.durable.is !== 'absent' || state.memory.wanted !== null) {
    const isSame = subjectOf(state)?.hash === hash;
    return remember(state, {}, isSame ? answerAgain(state) : [refused({ code: 'id_reused' })]);
  }
  const wanted = { body, hash, signature };
  const objection =
    here.register.is === 'away'
      ? ({ code: 'register_away' } as const)
      : objectionTo(here, state.id, wanted, here.bank, now);
  return objection === undefined ? hold(here, state, wanted) : refuse(state, objection);
}

/** Tries again what its own funds stood in the way of. */
export function beginAgain(
  here: Standpoint,
  state: TransactionState,
  wanted: Wanted,
  now: number,
): Step {
  const objection = objectionTo(here, state.id, wanted, here.bank, now);
  if (objection === undefined) {
    return here.register.is === 'away'
      ? waitForFunds(here, state, wanted, now)
      : hold(here, state, wanted);
  }
  return refuse(state, objection.code === 'too_late' ? { code: 'funds_held' } : objection);
}

function waitForFunds(
  here: Standpoint,
  state: TransactionState,
  wanted: Wanted,
  now: number,
): Step {
  const wake = wakeForHeld(here.settings, now);
  return remember(state, { holding: null, wanted }, [wake]);
}

function refuse(state: TransactionState, reason: NoReason): Step {
  return remember(state, { holding: null, wanted: null }, [refused(reason)]);
}

function answerAgain({ durable }: TransactionState): readonly Effect[] {
  switch (durable.is) {
    case 'absent':
    case 'prepared':
    case 'in_doubt':
      return [];
    case 'committed':
      return [{ type: 'answer', answer: { is: 'committed' } }];
    case 'aborted':
      return [{ type: 'answer', answer: { is: 'aborted', because: durable.because } }];
  }
}

function refused(reason: NoReason): Effect {
  return { type: 'answer', answer: { is: 'refused', reason } };
}

/** The coordinator asks for the promise. */
export function prepare(
  here: Standpoint,
  state: TransactionState,
  from: string,
  wanted: Wanted,
  now: number,
): Step {
  const { durable } = state;
  if (from !== coordinatorOf(state.id)) {
    return voteNo(state, from, wanted.hash, { code: 'malformed', fault: 'malformed_id' });
  }
  switch (durable.is) {
    case 'absent': {
      const objection = objectionTo(here, state.id, wanted, from, now);
      return objection === undefined
        ? hold(here, state, wanted)
        : voteNo(state, from, wanted.hash, objection);
    }
    case 'prepared':
      // The same vote as before: a promise isn't weighed twice.
      if (durable.hash === wanted.hash) return remember(state, {}, [voteYes(from, durable)]);
      return otherHash(state, from, wanted.hash);
    case 'in_doubt':
      return voteNo(state, from, wanted.hash, { code: 'reconciling' });
    case 'committed': {
      if (durable.hash !== wanted.hash) return otherHash(state, from, wanted.hash);
      const { body, hash, yes } = durable;
      const decision = { is: 'commit', hash, yes, body } as const;
      return remember(state, {}, [
        { type: 'send', to: from, message: { type: 'apply', decision } },
      ]);
    }
    case 'aborted':
      return remember(state, {}, [
        { type: 'send', to: from, message: { type: 'apply', decision: { is: 'abort' } } },
      ]);
  }
}

function otherHash(state: TransactionState, from: string, hash: string): Step {
  const { effects } = voteNo(state, from, hash, { code: 'id_reused' });
  return remember(state, {}, [{ type: 'alarm', alarm: 'other_hash' }, ...effects]);
}

/** Why this bank doesn't even ask its ledger. */
function objectionTo(
  here: Standpoint,
  id: string,
  { body }: Wanted,
  from: string,
  now: number,
): NoReason | undefined {
  const fault = body.id === id ? transactionFault(body) : 'malformed_id';
  if (fault !== undefined) return { code: 'malformed', fault };
  if (from !== coordinatorOf(id) || !participantsOf(body).includes(here.bank)) {
    return { code: 'malformed', fault: 'malformed_bank' };
  }
  if (here.reconciling) return { code: 'reconciling' };
  if (here.register.is === 'closed') return { code: 'register_away' };
  if (body.generation !== here.register.generation) return { code: 'other_generation' };
  const floor = here.floors.get(from);
  if (floor !== undefined && id <= floor) return { code: 'below_floor' };
  if (body.decideBy > now + here.settings.decideByAheadMaxMs) return { code: 'decide_by_too_far' };
  return now >= body.decideBy ? { code: 'too_late' } : undefined;
}

function hold(here: Standpoint, state: TransactionState, wanted: Wanted): Step {
  const transfers = localTransfers(here.bank, wanted.body);
  return remember(state, { holding: wanted }, [{ type: 'hold', transfers }]);
}

/** The ledger has placed the holds: in the same block the promise becomes durable. */
export function held(here: Standpoint, state: TransactionState, now: number): Step {
  const wanted = state.memory.holding;
  if (wanted === null || state.durable.is !== 'absent') {
    throw new Error(`${state.id}: the ledger answers what it wasn't asked`);
  }
  const durable: Prepared = { is: 'prepared', ...wanted };
  const coordinator = coordinatorOf(state.id);
  const next = { id: state.id, durable, memory: { ...NOTHING_REMEMBERED, attempts: 1 } };
  const effects =
    here.bank === coordinator ? askToPrepare(here, durable) : [voteYes(coordinator, durable)];
  const wake =
    here.bank === coordinator
      ? wakeAgain(here.settings, now, 0)
      : ({
          type: 'wake',
          at: wanted.body.decideBy + here.settings.graceMs,
          jitterMs: here.settings.graceMs,
        } as const);
  return { state: next, effects: [...effects, wake] };
}

function askToPrepare(here: Standpoint, { body, hash }: Prepared): readonly Effect[] {
  return othersOf(body, here.bank).map((to) => ({
    type: 'send',
    to,
    message: { type: 'prepare', body, hash },
  }));
}

/** The ledger has refused: the coordinator tells its client, a participant its coordinator. */
export function notHeld(
  here: Standpoint,
  state: TransactionState,
  event: Extract<ProtocolEvent, { readonly type: 'not_held' }>,
): Step {
  const wanted = state.memory.holding;
  if (wanted === null) throw new Error(`${state.id}: the ledger answers what it wasn't asked`);
  const { refusal, now } = event;
  const reason: NoReason =
    refusal === 'funds_held' ? { code: 'funds_held' } : { code: 'refused', refusal };
  const coordinator = coordinatorOf(state.id);
  if (here.bank !== coordinator) {
    return voteNo(remember(state, { holding: null }).state, coordinator, wanted.hash, reason);
  }
  if (refusal !== 'funds_held') return refuse(state, reason);
  return waitForFunds(here, state, wanted, now);
}

function voteYes(to: string, { hash, signature }: Prepared): Effect {
  return { type: 'send', to, message: { type: 'vote', hash, vote: { is: 'yes', signature } } };
}

function voteNo(state: TransactionState, to: string, hash: string, reason: NoReason): Step {
  const vote = { is: 'no', reason } as const;
  return remember(state, {}, [{ type: 'send', to, message: { type: 'vote', hash, vote } }]);
}
