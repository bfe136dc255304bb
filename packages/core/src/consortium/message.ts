import type { Abort, Commit } from './cross-bank-decision.ts';
import type { CrossBankTransaction } from './cross-bank-transaction.ts';
import type { Vote } from './vote.ts';

/** A body and its hash, which the receiver has made anew from the body. */
export interface HashedBody {
  readonly body: CrossBankTransaction;
  readonly hash: string;
}

/** A decision with what a bank needs that has forgotten everything. */
export type CarriedDecision = (Commit & { readonly body: CrossBankTransaction }) | Abort;

/**
 * What banks say to each other about one transaction. Any of it may be lost, repeated, overtaken,
 * or late by days. Who said it is proven outside.
 */
export type Message =
  /** Coordinator to the others. */
  | ({ readonly type: 'prepare' } & HashedBody)
  /** Back. The hash says to which body. */
  | { readonly type: 'vote'; readonly hash: string; readonly vote: Vote }
  /** From whoever knows. */
  | { readonly type: 'apply'; readonly decision: CarriedDecision }
  /** To the coordinator: the decision is applied here. */
  | { readonly type: 'acknowledge'; readonly decision: 'commit' | 'abort' }
  /** Does anybody know the decision? Those who don't keep silent. */
  | { readonly type: 'ask' }
  /** To a bank that was restored from an old copy: you may have promised this. */
  | ({ readonly type: 'report' } & HashedBody);
