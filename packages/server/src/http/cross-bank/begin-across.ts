import type { consortium, CrossBankOrder, Envelope } from '@lastro/core';
import { EngineError } from '../../engine/engine-error.ts';
import type { BeginAnswer, CrossBankHost } from '../cross-bank-host.ts';
import { ProblemError } from '../problem.ts';
import { refused, type Refused } from '../run-command.ts';
import type { Patience } from './patience.ts';
import { abortProblem, obstacleProblem } from './problems.ts';

/** How long a request waits: less than clients do, so that they hear where to ask. */
const ANSWER_WITHIN_MS = 8_000;

/** What a client wants of several banks at once. */
export interface Wanted {
  readonly legs: readonly consortium.Leg[];
  readonly patience: Patience;
  readonly order: CrossBankOrder | null;
}

/** Decided, and done in this bank. */
export interface Committed {
  readonly kind: 'committed';
  /** `<bank>/<uuid>`. */
  readonly id: string;
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly replayed: boolean;
}

/** Not decided yet. */
export interface Pending {
  readonly kind: 'pending';
  /** Null: a bank is waited for, and nothing was begun. */
  readonly id: string | null;
  readonly replayed: boolean;
}

export type Begun = Committed | Pending | Refused;

/** The host of the bank's consortium. Throws `no_consortium` where the bank is in none. */
export function hostOf(host: CrossBankHost | undefined): CrossBankHost {
  if (host === undefined) throw new ProblemError('no_consortium');
  return host;
}

/** Hands what is wanted to the consortium's host and makes what comes of it a value. */
export async function beginAcross(
  host: CrossBankHost,
  address: Omit<Envelope, 'command'>,
  { legs, patience, order }: Wanted,
): Promise<Begun> {
  try {
    const answer = await host.begin({
      envelope: address,
      legs,
      ...patience,
      answerWithinMs: ANSWER_WITHIN_MS,
      order,
    });
    return begunOf(answer);
  } catch (error) {
    if (error instanceof EngineError) return refused(error.code, {}, false);
    throw error;
  }
}

function begunOf(answer: BeginAnswer): Begun {
  switch (answer.kind) {
    case 'committed': {
      const { id, seq, at, replayed } = answer;
      return { kind: 'committed', id, seq, at: new Date(at).toISOString(), replayed };
    }
    case 'pending':
      return { kind: 'pending', id: answer.id, replayed: answer.replayed };
    case 'queued':
      return { kind: 'pending', id: null, replayed: false };
    case 'aborted': {
      const { code, details } = abortProblem(answer.because);
      return refused(code, { ...details, transaction: answer.id }, answer.replayed);
    }
    case 'refused': {
      const { code, details } = obstacleProblem(answer.reason);
      return refused(code, details, answer.replayed);
    }
    case 'reused':
      return refused('id_reused', {}, false);
  }
}
