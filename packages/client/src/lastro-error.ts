import type { Problem } from '@lastro/contract';

/**
 * What a failed call means for the ledger:
 * - `refused`: the bank said no, for good. Nothing was done; repeating it changes nothing.
 * - `unavailable`: nobody took the command (or answered the question) in time. Nothing was done.
 * - `outcome_unknown`: it may or may not have been done. Call again with the same id to settle it.
 */
export type FailureKind = 'refused' | 'unavailable' | 'outcome_unknown';

/** What the client itself says where no problem document does. */
export type ClientErrorCode =
  | 'aborted'
  | 'answer_missing'
  | 'answer_unreadable'
  | 'bank_unreachable'
  | 'client_closed';

export interface Failure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly tries: number;
  readonly status?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly commandId?: string | undefined;
  readonly cause?: unknown;
}

/** A call that did not succeed. Decide by `kind` first, then by `code`. */
export class LastroError extends Error {
  readonly kind: FailureKind;
  /** A code of the contract's registry, or a `ClientErrorCode`; newer banks may send further ones. */
  readonly code: string;
  /** Of the last HTTP answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly problem: Problem | undefined;
  /**
   * The id that the command was sent under, generated or given. To settle an `outcome_unknown`, call
   * again with it: as the body's `id`, or as `idempotencyKey` where the body has none. Undefined for reads.
   */
  readonly commandId: string | undefined;
  /** How often the request was sent, at least 1. */
  readonly tries: number;

  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.name = 'LastroError';
    this.kind = failure.kind;
    this.code = failure.code;
    this.status = failure.status;
    this.problem = failure.problem;
    this.commandId = failure.commandId;
    this.tries = failure.tries;
  }
}
