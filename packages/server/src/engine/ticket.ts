import type { Envelope, Fact } from '@lastro/core';

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

export type Outcome = Settled | Reused;

/** A command on its way through the engine. */
export interface Ticket {
  readonly envelope: Envelope;
  readonly key: string;
  readonly rows: number;
  /** `performance.now()` milliseconds. */
  readonly submittedAt: number;
  readonly deadline: number;
  /** Whether a block with it may have reached the database unseen: then it is never "not submitted". */
  isExposed: boolean;
  isAnswered: boolean;
  readonly promise: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export function createTicket(
  envelope: Envelope,
  key: string,
  rows: number,
  submittedAt: number,
  deadline: number,
): Ticket {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  return {
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
