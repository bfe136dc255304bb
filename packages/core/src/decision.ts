import type { Durable } from './consortium/protocol-state.ts';
import type { Fact } from './event.ts';
import type { Refusal } from './refusal.ts';

export type Decision =
  /** The fact is to be recorded as the command's outcome: an effect or a refusal. */
  | { readonly kind: 'decided'; readonly fact: Fact }
  /** The same command was settled before, by the event of this number. */
  | { readonly kind: 'replayed'; readonly seq: number }
  /** Refused for now and not recorded: the same command may be tried again. */
  | { readonly kind: 'postponed'; readonly refusal: Refusal }
  /** The id was used for another command: refused without a record of its own. */
  | { readonly kind: 'reused' };

/** What came of an own command. */
export type OwnDecision =
  | { readonly kind: 'decided'; readonly fact: Fact }
  /** Of `PrepareShare` alone; nothing is recorded. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The durable state is another one by now: nothing happened. */
  | { readonly kind: 'stale'; readonly durable: Durable };

/** The result of one rule: an effect or why not. */
export type Ruling = Fact | Refusal;

export function isRefusal(ruling: Ruling): ruling is Refusal {
  return 'code' in ruling;
}
