import { NO_LEASE_TOKENS, type Command, type Envelope } from '@lastro/core';
import { v7 as uuidV7 } from 'uuid';
import { commandHash } from '../../http/command-id.ts';

/** Whose commands those of this surface are. */
export const PRINCIPAL = 'classic:contas';

/** Whose command an opening is that a first balance must follow; its ids are chosen here alone. */
export const OPENING_PRINCIPAL = 'classic:contas:abertura';

/** One operation of a client. */
export interface Operation {
  /** Of the command: the client's `Idempotency-Key`, or a new one for each request. */
  readonly id: string;
  /** What is asked for, as the client said it: the same id with another body is refused. */
  readonly asked: string;
}

export function operationOf(key: string | undefined, ...asked: readonly unknown[]): Operation {
  return { id: key ?? uuidV7(), asked: JSON.stringify(asked) };
}

export function envelopeOf({ id, asked }: Operation, command: Command): Envelope {
  return {
    principal: PRINCIPAL,
    id,
    hash: hashOf(asked),
    command,
    leaseTokens: NO_LEASE_TOKENS,
  };
}

export function hashOf(asked: string): string {
  return commandHash(`contas ${asked}`, null);
}
