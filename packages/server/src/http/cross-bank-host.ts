import type { consortium, CrossBankOrder } from '@lastro/core';

/** What routes need of the consortium (`consortium/host`): to begin a transaction across banks, and to see one. */
export interface CrossBankHost {
  /**
   * Begins and waits for the end: until `withinMs` and a little more, and never longer than
   * `answerWithinMs`; then the answer is `pending`, or `queued` where a bank is still waited for.
   * Body, hash, id and `decideBy` are made here; a repeat of the client's id gets the first one's
   * outcome. Rejects with `EngineError` as the engine does.
   */
  begin(request: BeginRequest): Promise<BeginAnswer>;
  /** Whether a client's command waits for a bank that is away, with nothing begun. */
  isQueued(principal: string, command: string): Promise<boolean>;
  /** Undefined: this bank has no record of it. */
  transaction(id: string): Promise<CrossBankView | undefined>;
}

export interface BeginRequest {
  readonly envelope: {
    readonly principal: string;
    readonly id: string;
    readonly hash: string;
    readonly leaseTokens: readonly number[];
  };
  readonly legs: readonly consortium.Leg[];
  /** When a bank of the transaction is offline: refuse at once, or wait for it, holding nothing. */
  readonly onUnavailable: 'reject' | 'queue';
  /** Milliseconds from now that the banks have to agree; capped. */
  readonly withinMs: number;
  /** Milliseconds that whoever asks waits for the answer: a queued transaction may take hours. */
  readonly answerWithinMs: number;
  /** Money and goods of a purchase across banks; null: none. */
  readonly order: CrossBankOrder | null;
}

/** Why nothing was begun. Only `refused` was recorded: the others say nothing about the next time. */
export type BeginRefusal =
  | consortium.NoReason
  | {
      /** `peer_unknown`: nobody has added it; `peer_busy`: too much is under way with it. */
      readonly code: 'peer_unknown' | 'peer_offline' | 'peer_busy';
      readonly bank: string;
    };

export type BeginAnswer =
  /** `seq` and `at` are of the commit in this bank; of a pending one, of its begin. */
  | {
      readonly kind: 'committed' | 'pending';
      readonly id: string;
      readonly seq: number;
      readonly at: number;
      readonly replayed: boolean;
    }
  | {
      readonly kind: 'aborted';
      readonly id: string;
      /** Empty: time ran out. */
      readonly because: readonly consortium.Objection[];
      readonly replayed: boolean;
    }
  /** Waits for a bank that is away, with nothing begun; it goes on waiting when the process ends. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'refused'; readonly reason: BeginRefusal; readonly replayed: boolean }
  /** The client's id was used for another command. */
  | { readonly kind: 'reused' };

export interface BankVote {
  readonly bank: string;
  /** `unknown`: this bank hasn't heard it, or has no need to remember. */
  readonly vote: 'yes' | 'no' | 'unknown';
  /** Of a no. */
  readonly reason: consortium.NoReason | null;
}

/** A transaction across banks as this bank knows it. */
export interface CrossBankView {
  readonly id: string;
  readonly coordinator: string;
  readonly state: 'prepared' | 'in_doubt' | 'committed' | 'aborted';
  /** Null where an abort came before anything else was heard. */
  readonly body: consortium.CrossBankTransaction | null;
  readonly hash: string | null;
  /** The coordinator's first. */
  readonly votes: readonly BankVote[];
  readonly decision: 'commit' | 'abort' | null;
  /** Written without holds, even below a limit, for the promise was forgotten. */
  readonly rebuilt: boolean;
  /** Whether nobody needs to be told any more, as far as this bank has to. */
  readonly settled: boolean;
  /** Milliseconds since 1970; null: it was never promised here. */
  readonly preparedAt: number | null;
  readonly decidedAt: number | null;
  /** Of the event that first recorded it here. */
  readonly seq: number;
}
