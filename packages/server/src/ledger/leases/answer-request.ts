import type { ErrorCode, LeaseAnswer } from '@lastro/contract';
import { NO_LEASE_TOKENS, type Envelope, type Fact } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import { commandHash } from '../../http/command-id.ts';
import { sendProblem } from '../../http/problem.ts';
import { runCommand, type Accepted } from '../../http/run-command.ts';
import { toTimestamp } from '../../http/wire.ts';
import { describeFault } from '../../store/database-error.ts';
import type { Reads } from '../../store/reads.ts';
import { readTickets } from './lease-queries.ts';
import { endOf, type WaitEnd, type WaitersDesk } from './waiters-desk.ts';

export interface LeaseParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Reads;
  readonly desk: WaitersDesk;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type LeaseRequested = Extract<Fact, { readonly type: 'lease.requested' }>;

/** A request for a lease that the bank took: its ticket, and what it asked for. */
interface Asked {
  readonly envelope: Envelope;
  readonly ticket: number;
  readonly fact: LeaseRequested;
}

/** What a request comes to: the lease, or the code of why not. */
type Answer =
  | { readonly kind: 'lease'; readonly token: number; readonly expiresAt: number }
  | { readonly kind: 'problem'; readonly code: ErrorCode };

const NOT_GRANTED: Answer = { kind: 'problem', code: 'account_leased' };
const UNKNOWN: Answer = { kind: 'problem', code: 'outcome_unknown' };

/** Runs a request for a lease and answers once it is granted, or certainly never will be. */
export async function answerLeaseRequest(
  parts: LeaseParts,
  request: FastifyRequest,
  reply: FastifyReply,
  envelope: Envelope,
): Promise<FastifyReply> {
  const giveSeatBack = mayWait(envelope) ? parts.desk.takeSeat() : () => undefined;
  if (giveSeatBack === undefined) return sendProblem(request, reply, 'overloaded');
  try {
    const result = await runCommand(parts.engine, envelope);
    if (result.replayed) reply.header('idempotency-replayed', 'true');
    if (result.kind === 'refused') {
      return await sendProblem(request, reply, result.code, result.details);
    }
    const { fact, seq: ticket } = result;
    if (fact.type !== 'lease.requested') throw new Error(`a lease request made ${fact.type}`);
    const asked: Asked = { envelope, ticket, fact };
    const answer = await answerOf(parts, reply, asked, result).catch((error: unknown) => {
      request.log.error({ requestId: request.id, fault: describeFault(error) }, 'lease not read');
      return UNKNOWN;
    });
    if (answer.kind === 'problem') {
      const details = answer.code === 'account_leased' ? { account: fact.account } : {};
      return await sendProblem(request, reply, answer.code, details);
    }
    const { id, account, owner } = fact;
    const expiresAt = toTimestamp(answer.expiresAt);
    const lease: LeaseAnswer = { id, account, owner, token: answer.token, expiresAt };
    return await reply.code(201).send(lease);
  } finally {
    giveSeatBack();
  }
}

function mayWait({ command }: Envelope): boolean {
  return command.type === 'RequestLease' && command.wait > 0;
}

async function answerOf(
  parts: LeaseParts,
  reply: FastifyReply,
  asked: Asked,
  { at, replayed }: Accepted,
): Promise<Answer> {
  const { fact, ticket } = asked;
  const isGrantedAtOnce = fact.granted === fact.id;
  let timeoutMs = fact.waitUntil - Date.parse(at);
  if (replayed) {
    const end = await lookAt(parts, ticket);
    if (end?.kind === 'granted') return leaseOf(end);
    if (isGrantedAtOnce) return { kind: 'problem', code: 'lease_not_found' };
    if (end !== undefined) return NOT_GRANTED;
    timeoutMs = Math.min(timeoutMs, fact.waitUntil - parts.clock());
  } else if (isGrantedAtOnce) {
    return { kind: 'lease', token: ticket, expiresAt: Date.parse(at) + fact.ttl * 1_000 };
  }
  const end = await parts.desk.wait({
    ticket,
    account: fact.account,
    timeoutMs,
    signal: goneSignal(reply),
  });
  return answerOfEnd(parts, reply, asked, end);
}

async function answerOfEnd(
  parts: LeaseParts,
  reply: FastifyReply,
  asked: Asked,
  end: WaitEnd,
): Promise<Answer> {
  switch (end.kind) {
    case 'granted':
      return leaseOf(end);
    case 'gone':
      return NOT_GRANTED;
    case 'closing':
      // The listener closes once no connection is left.
      reply.header('connection', 'close');
      return UNKNOWN;
    case 'left':
      // A repeat of the request may wait for the same ticket.
      if (parts.desk.isAwaited(asked.ticket)) return UNKNOWN;
      return withdraw(parts, asked);
    case 'late':
      return withdraw(parts, asked);
  }
}

/**
 * Takes the ticket back, so that it is certainly never granted, whatever the clocks of other processes
 * say. One that was granted meanwhile stays, and is the answer.
 */
async function withdraw(parts: LeaseParts, { envelope, ticket, fact }: Asked): Promise<Answer> {
  const { account, id: lease } = fact;
  const result = await runCommand(parts.engine, {
    principal: envelope.principal,
    id: uuidV7(),
    hash: commandHash('a wait for a lease is over', { account, lease }),
    command: { type: 'ReleaseLease', account, lease, ifWaiting: true },
    leaseTokens: NO_LEASE_TOKENS,
  });
  if (result.kind === 'accepted') return NOT_GRANTED;
  const end = await lookAt(parts, ticket);
  if (end !== undefined) return end.kind === 'granted' ? leaseOf(end) : NOT_GRANTED;
  // Written down as waiting, and refused as not: its time is over by a block's time, which never goes
  // backwards, so no later block grants it.
  return result.code === 'lease_not_found' ? NOT_GRANTED : UNKNOWN;
}

function leaseOf({ token, expiresAt }: Extract<WaitEnd, { readonly kind: 'granted' }>): Answer {
  return { kind: 'lease', token, expiresAt };
}

/** What a ticket came to; undefined while it waits. */
async function lookAt({ reads, clock }: LeaseParts, ticket: number): Promise<WaitEnd | undefined> {
  const [found] = await readTickets(reads, [ticket]);
  return endOf(found, clock());
}

/** Aborted when the caller goes away before the answer. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.destroyed) gone.abort();
  raw.once('close', () => {
    if (!raw.writableEnded) gone.abort();
  });
  return gone.signal;
}
