import { ABORT } from './cross-bank-decision.ts';
import { coordinatorOf, othersOf } from './cross-bank-transaction.ts';
import { deliver } from './deliver.ts';
import type { Effect, Step, Wake } from './effect.ts';
import { intend } from './gather.ts';
import { beginAgain } from './promise.ts';
import type { Standpoint } from './protocol-settings.ts';
import type { InDoubt, Prepared, TransactionState } from './protocol-state.ts';
import { remember, wakeAgain } from './remember.ts';

/** Its time has come, or the process has started again and remembers nothing. */
export function wake(here: Standpoint, state: TransactionState, now: number): Step {
  const { durable, memory } = state;
  switch (durable.is) {
    case 'absent':
      return memory.wanted === null
        ? remember(state, {})
        : beginAgain(here, state, memory.wanted, now);
    case 'prepared':
      return here.bank === coordinatorOf(state.id)
        ? coordinate(here, state, durable, now)
        : recover(here, state, durable, now);
    case 'in_doubt':
      return recover(here, state, durable, now);
    case 'committed':
    case 'aborted':
      return deliver(here, { ...state, durable }, now);
  }
}

/** The coordinator before the decision: asks those who haven't promised, or has it decided. */
function coordinate(
  here: Standpoint,
  state: TransactionState,
  prepared: Prepared,
  now: number,
): Step {
  const { body, hash } = prepared;
  const { intent, yes, attempts } = state.memory;
  if (intent !== null || now >= body.decideBy) {
    const step = intend(here, state, intent ?? ABORT, now);
    if (now < body.decideBy + here.settings.graceMs) return step;
    return { state: step.state, effects: [...askAll(here, prepared), ...step.effects] };
  }
  const effects: Effect[] = othersOf(body, here.bank)
    .filter((bank) => !yes.some((promise) => promise.bank === bank))
    .map((to) => ({ type: 'send', to, message: { type: 'prepare', body, hash } }));
  // After a restart: perhaps the decision stands already.
  if (attempts === 0) effects.push(read(here));
  effects.push(noLaterThan(body.decideBy, wakeAgain(here.settings, now, attempts)));
  return remember(state, { attempts: attempts + 1 }, effects);
}

/** Time running out is no reason to go on waiting. */
function noLaterThan(time: number, again: Wake): Wake {
  return again.at < time ? again : { type: 'wake', at: time, jitterMs: 0 };
}

/**
 * Whoever waits past `decideBy` and the grace first asks whether somebody knows the decision, and
 * then has the transaction aborted. Not even that is a decision: what stands in the register is.
 */
function recover(
  here: Standpoint,
  state: TransactionState,
  undecided: Prepared | InDoubt,
  now: number,
): Step {
  const { graceMs, askMs } = here.settings;
  const patienceEnds = undecided.body.decideBy + graceMs;
  if (now < patienceEnds) {
    return remember(state, {}, [{ type: 'wake', at: patienceEnds, jitterMs: graceMs }]);
  }
  if (state.memory.asked) return intend(here, remember(state, { asked: false }).state, ABORT, now);
  const effects: Effect[] = [
    ...askAll(here, undecided),
    read(here),
    { type: 'wake', at: now + askMs, jitterMs: askMs },
  ];
  return remember(state, { asked: true }, effects);
}

function askAll(here: Standpoint, { body }: Prepared | InDoubt): readonly Effect[] {
  return othersOf(body, here.bank).map((to) => ({ type: 'send', to, message: { type: 'ask' } }));
}

function read(here: Standpoint): Effect {
  return { type: 'register.read', generation: here.register.generation };
}
