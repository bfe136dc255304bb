import { randomUUID } from 'node:crypto';
import { NO_METADATA, rowsOf, type Command } from '@lastro/core';
import { createTicket, type Ticket } from './ticket.ts';

function ticketOf(command: Command, id: string): Ticket {
  const envelope = { principal: 'p', id, hash: 'h', command, leaseTokens: [] };
  return createTicket(envelope, id, rowsOf(command), 0, Number.POSITIVE_INFINITY);
}

/** Opens an account: what is decided on nothing but whether it stands. */
export function opening(account: string): Ticket {
  const terms = { creditLimit: 0n, maximumBalance: null, metadata: NO_METADATA };
  return ticketOf({ type: 'OpenAccount', account, asset: 'BRL/2', ...terms }, randomUUID());
}

/** Refused, since neither account has money; which is an event like any other. */
export function moving(from: string, to: string): Ticket {
  const id = randomUUID();
  const terms = { amount: 1n, metadata: NO_METADATA, condition: null };
  return ticketOf({ type: 'PostTransfer', id, from, to, ...terms }, id);
}
