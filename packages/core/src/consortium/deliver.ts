import { othersOf, participantsOf } from './cross-bank-transaction.ts';
import type { Effect, Step } from './effect.ts';
import type { CarriedDecision } from './message.ts';
import type { Standpoint } from './protocol-settings.ts';
import {
  subjectOf,
  type Aborted,
  type Committed,
  type Durable,
  type TransactionState,
} from './protocol-state.ts';
import { remember, wakeAgain } from './remember.ts';

/** The decision that was applied here, with all that the forgetful need; undefined: none yet. */
export function carried(durable: Durable): CarriedDecision | undefined {
  switch (durable.is) {
    case 'absent':
    case 'prepared':
    case 'in_doubt':
      return undefined;
    case 'committed': {
      const { body, hash, yes } = durable;
      return { is: 'commit', hash, yes, body };
    }
    case 'aborted':
      return { is: 'abort' };
  }
}

/** The coordinator tells those who haven't acknowledged, again and again, less and less often. */
export function deliver(
  here: Standpoint,
  state: TransactionState & { readonly durable: Committed | Aborted },
  now: number,
): Step {
  const { durable, memory } = state;
  const decision = carried(durable);
  const body = subjectOf(state)?.body;
  if (durable.settled || body === undefined || decision === undefined) return remember(state, {});
  const effects: Effect[] = othersOf(body, here.bank)
    .filter((bank) => !memory.acknowledged.includes(bank))
    .map((to) => ({ type: 'send', to, message: { type: 'apply', decision } }));
  effects.push(wakeAgain(here.settings, now, memory.attempts));
  return remember(state, { attempts: memory.attempts + 1 }, effects);
}

/** Somebody asks for the decision: who knows it tells it, and only a participant. */
export function answerAsk(state: TransactionState, from: string): Step {
  const { durable } = state;
  const decision = carried(durable);
  if (decision === undefined) return remember(state, {});
  if (decision.is === 'commit' && !participantsOf(decision.body).includes(from)) {
    return remember(state, {}, [{ type: 'alarm', alarm: 'not_a_participant' }]);
  }
  return remember(state, {}, [{ type: 'send', to: from, message: { type: 'apply', decision } }]);
}

/** A participant has applied the decision; when all have, it is settled. */
export function hearAcknowledged(
  here: Standpoint,
  state: TransactionState,
  from: string,
  decision: 'commit' | 'abort',
): Step {
  const { durable } = state;
  if (durable.is !== 'committed' && durable.is !== 'aborted') return remember(state, {});
  const body = subjectOf(state)?.body;
  if (durable.settled || body === undefined) return remember(state, {});
  const others = othersOf(body, here.bank);
  if (!others.includes(from)) {
    return remember(state, {}, [{ type: 'alarm', alarm: 'not_a_participant' }]);
  }
  if ((decision === 'commit') !== (durable.is === 'committed')) {
    return remember(state, {}, [{ type: 'alarm', alarm: 'contradiction' }]);
  }
  const acknowledged = [...new Set([...state.memory.acknowledged, from])];
  if (acknowledged.length < others.length) return remember(state, { acknowledged });
  return remember({ ...state, durable: { ...durable, settled: true } }, { acknowledged });
}
