import type { Commit, CrossBankDecision } from './cross-bank-decision.ts';
import type { HashedBody } from './message.ts';
import type { Objection, Yes } from './vote.ts';

/** Nothing is recorded: never heard of, refused, or forgotten. */
export interface Absent {
  readonly is: 'absent';
}

/** Own holds stand, and with them the promise that only the decision ends. */
export interface Prepared extends HashedBody {
  readonly is: 'prepared';
  /** Of this bank's own yes. */
  readonly signature: string;
}

/** Restored from an old copy, and told by a peer that it may have promised: no holds stand. */
export interface InDoubt extends HashedBody {
  readonly is: 'in_doubt';
}

export interface Committed extends HashedBody {
  readonly is: 'committed';
  readonly yes: Commit['yes'];
  /** Written without holds, even below a limit, for the promise was forgotten. */
  readonly rebuilt: boolean;
  readonly at: number;
  /** Whether nobody needs to be told any more: of the coordinator, all have acknowledged. */
  readonly settled: boolean;
}

export interface Aborted {
  readonly is: 'aborted';
  /** Null where nothing was prepared: a tombstone, which keeps a late Prepare out. */
  readonly subject: HashedBody | null;
  /** As far as this bank has heard; empty: time ran out. */
  readonly because: readonly Objection[];
  readonly at: number;
  readonly settled: boolean;
}

/** What the bank's database says of one transaction. Written in the block of its holds. */
export type Durable = Absent | Prepared | InDoubt | Committed | Aborted;

/** A body that this bank is about to promise. */
export interface Wanted extends HashedBody {
  readonly signature: string;
}

/** What a crash takes away. Everything here can be asked for again. */
export interface Memory {
  /** Waits for the ledger's verdict, which comes within the same block. */
  readonly holding: Wanted | null;
  /** A Begin whose own funds were held, to be tried again; nothing of it is durable. */
  readonly wanted: Wanted | null;
  /** Of the coordinator: what the others have promised. */
  readonly yes: readonly Yes[];
  readonly objections: readonly Objection[];
  /** What this bank tries to write in the register; null: not yet time. */
  readonly intent: CrossBankDecision | null;
  /** Whether the others were asked for the decision, in this round. */
  readonly asked: boolean;
  /** Of the coordinator: who has applied the decision. */
  readonly acknowledged: readonly string[];
  /** How often something was sent; 0 only right after a restart. */
  readonly attempts: number;
}

/** One bank's side of one transaction. */
export interface TransactionState {
  readonly id: string;
  readonly durable: Durable;
  readonly memory: Memory;
}

export const NOTHING_REMEMBERED: Memory = {
  holding: null,
  wanted: null,
  yes: [],
  objections: [],
  intent: null,
  asked: false,
  acknowledged: [],
  attempts: 0,
};

const ABSENT: Absent = { is: 'absent' };

/** The state of a transaction that the bank has no record of. */
export function unknownTransaction(id: string): TransactionState {
  return { id, durable: ABSENT, memory: NOTHING_REMEMBERED };
}

/** What is left of a transaction after the process ended. */
export function afterRestart({ id, durable }: TransactionState): TransactionState {
  return { id, durable, memory: NOTHING_REMEMBERED };
}

/** The body that the bank has recorded, or is trying to; null: it knows none. */
export function subjectOf({ durable, memory }: TransactionState): HashedBody | null {
  switch (durable.is) {
    case 'absent':
      return memory.wanted;
    case 'prepared':
    case 'in_doubt':
    case 'committed':
      return durable;
    case 'aborted':
      return durable.subject;
  }
}

/** Whether the bank has nothing more to do about it by itself, so needs no `wake` after a restart. */
export function isFinished({ durable }: TransactionState): boolean {
  switch (durable.is) {
    case 'absent':
      return true;
    case 'prepared':
    case 'in_doubt':
      return false;
    case 'committed':
    case 'aborted':
      return durable.settled;
  }
}
