import type { Effect, Step, Wake } from './effect.ts';
import type { ProtocolSettings } from './protocol-settings.ts';
import type { Memory, TransactionState } from './protocol-state.ts';

/** A step that changes nothing durable. */
export function remember(
  state: TransactionState,
  changes: Partial<Memory>,
  effects: readonly Effect[] = [],
): Step {
  return { state: { ...state, memory: { ...state.memory, ...changes } }, effects };
}

/** When to try again after so many attempts: twice as long each time, up to the bound, jittered. */
export function wakeAgain(settings: ProtocolSettings, now: number, attempts: number): Wake {
  const pause = Math.min(settings.resendMs * 2 ** Math.min(attempts, 30), settings.resendMaxMs);
  return { type: 'wake', at: now + pause, jitterMs: Math.ceil(pause / 2) };
}

/** When to try again what holds stood in the way of: at random, so that two don't meet for ever. */
export function wakeForHeld({ heldRetryMs }: ProtocolSettings, now: number): Wake {
  return { type: 'wake', at: now + Math.ceil(heldRetryMs / 4), jitterMs: heldRetryMs };
}
