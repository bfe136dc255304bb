import type { consortium, Fact, OwnCommand, Refusal } from '@lastro/core';
import type { TicketBase } from './ticket.ts';

/** A nonce of a peer's message, spent in the block of what that message brings about. */
export interface SpentNonce {
  readonly keyId: string;
  readonly value: string;
  /** Milliseconds since 1970; from then on it may be forgotten. */
  readonly keepUntil: number;
}

/** What rides in the block of an own command, all or nothing with it. */
export interface Riding {
  readonly nonces: readonly SpentNonce[];
}

export const NOTHING_RIDING: Riding = { nonces: [] };

/** What came of an own command. */
export type OwnOutcome =
  | {
      readonly kind: 'done';
      readonly seq: number;
      /** Milliseconds since 1970: the time of its block, which the durable state carries. */
      readonly at: number;
      readonly fact: Fact;
    }
  /** The ledger doesn't place these holds; of `PrepareShare` alone. Nothing is recorded. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The durable state was another one: nothing happened. This is what it is. */
  | { readonly kind: 'stale'; readonly durable: consortium.Durable }
  /** A nonce that rides with it was spent before: the message is a replay, and nothing happened. */
  | { readonly kind: 'replayed' };

/** An own command on its way through the engine. */
export interface OwnTicket extends TicketBase<OwnOutcome> {
  readonly kind: 'own';
  readonly own: OwnCommand;
  readonly nonces: readonly SpentNonce[];
}

export function createOwnTicket(
  own: OwnCommand,
  { nonces }: Riding,
  rows: number,
  submittedAt: number,
  deadline: number,
): OwnTicket {
  const settling = Promise.withResolvers<OwnOutcome>();
  return {
    kind: 'own',
    own,
    nonces,
    rows,
    submittedAt,
    deadline,
    isExposed: false,
    isAnswered: false,
    ...settling,
  };
}
