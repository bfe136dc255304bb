import type { Absent, InDoubt, Prepared } from './consortium/protocol-state.ts';
import type { HashedBody } from './consortium/message.ts';
import type { Objection, Yes } from './consortium/vote.ts';

// What a bank does about its share of a cross-bank transaction: one protocol step that changes what
// is durable, with its effect in the ledger. Nobody asked for it by an id, so it has no recorded
// outcome. It is judged against the durable state that the step was made from: when that has moved
// on meanwhile, nothing happens (see docs/internals/consortium-protocol.md).

export type OwnCommand = PrepareShare | CommitShare | AbortShare | DoubtShare | SettleShare;

/** A participant's promise, from `absent`: its holds and its yes, or a refusal. */
export interface PrepareShare extends HashedBody {
  readonly type: 'PrepareShare';
  /** Of this bank's own yes. */
  readonly signature: string;
}

/** Posts what was promised; or, where the promise was forgotten (`absent`, `in_doubt`), all of it. */
export interface CommitShare extends HashedBody {
  readonly type: 'CommitShare';
  readonly id: string;
  readonly from: (Absent | InDoubt | Prepared)['is'];
  readonly yes: readonly Yes[];
  readonly rebuilt: boolean;
  /**
   * Of the first new transfer; the others get the ids that follow it (see `numberedId`). A new
   * random UUIDv7: were it known before, a client could take it.
   */
  readonly transferId: string;
}

/** Gives back what was promised; from `absent`: leaves a tombstone. */
export interface AbortShare {
  readonly type: 'AbortShare';
  readonly id: string;
  readonly from: (Absent | InDoubt | Prepared)['is'];
  /** As far as this bank has heard; empty: time ran out. */
  readonly because: readonly Objection[];
}

/** A restored bank is told that it may have promised this, from `absent`. */
export interface DoubtShare extends HashedBody {
  readonly type: 'DoubtShare';
}

/** All have acknowledged the decision: nobody needs to be told any more. */
export interface SettleShare {
  readonly type: 'SettleShare';
  readonly id: string;
}

/** The transaction that an own command is about. */
export function transactionOf(own: OwnCommand): string {
  return own.type === 'PrepareShare' || own.type === 'DoubtShare' ? own.body.id : own.id;
}
