import type { Envelope, Fact, Refusal } from '@lastro/core';
import type { OwnTicket } from './own-ticket.ts';

/** The outcome of a command as its caller sees it. */
export interface Settled {
  readonly kind: 'settled';
  readonly seq: number;
  /** Milliseconds since 1970: the time of its block. */
  readonly at: number;
  readonly fact: Fact;
  /** Whether it was settled before this submission. */
  readonly replayed: boolean;
}

/** The id was used for another command. */
export interface Reused {
  readonly kind: 'reused';
}

/** Refused for now, and nothing recorded; of `BeginCrossBank` alone, unless it is the last try. */
export interface Postponed {
  readonly kind: 'postponed';
  readonly refusal: Refusal;
}

export type Outcome = Settled | Reused | Postponed;

/** Something on its way through the engine. */
export interface TicketBase<Result> {
  readonly rows: number;
  /** `performance.now()` milliseconds. */
  readonly submittedAt: number;
  readonly deadline: number;
  /** Whether a block with it may have reached the database unseen: then it is never "not submitted". */
  isExposed: boolean;
  isAnswered: boolean;
  readonly promise: Promise<Result>;
  readonly resolve: (outcome: Result) => void;
  readonly reject: (error: Error) => void;
}

/** A client's command on its way through the engine. */
export interface CommandTicket extends TicketBase<Outcome> {
  readonly kind: 'command';
  readonly envelope: Envelope;
  readonly key: string;
}

export type Ticket = CommandTicket | OwnTicket;

export function createTicket(
  envelope: Envelope,
  key: string,
  rows: number,
  submittedAt: number,
  deadline: number,
): CommandTicket {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  return {
    kind: 'command',
    envelope,
    key,
    rows,
    submittedAt,
    deadline,
    isExposed: false,
    isAnswered: false,
    promise,
    resolve,
    reject,
  };
}
