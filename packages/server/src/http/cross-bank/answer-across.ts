import type { CrossBankPending } from '@lastro/contract';
import type { Envelope } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeFault } from '../../store/database-error.ts';
import type { CrossBankHost } from '../cross-bank-host.ts';
import { sendProblem } from '../problem.ts';
import { beginAcross, type Committed, type Wanted } from './begin-across.ts';

/**
 * Begins what a request wants of several banks and answers: 201 with what `present` makes of it when
 * it is decided and done here, 202 when it is not decided yet, or with the problem of its refusal.
 * Where `present` fails the answer is "unknown", for the money has moved.
 */
export async function answerAcross(
  host: CrossBankHost,
  request: FastifyRequest,
  reply: FastifyReply,
  address: Omit<Envelope, 'command'>,
  wanted: Wanted,
  present: (committed: Committed) => unknown,
): Promise<FastifyReply> {
  const begun = await beginAcross(host, address, wanted);
  if (begun.replayed) reply.header('idempotency-replayed', 'true');
  switch (begun.kind) {
    case 'refused':
      return sendProblem(request, reply, begun.code, begun.details);
    case 'pending': {
      reply.header('location', locationOf(begun.id, address.id));
      return reply.code(202).send(pendingAnswer(begun.id, address.id));
    }
    case 'committed': {
      let answer: unknown;
      try {
        answer = await present(begun);
      } catch (error) {
        const fault = describeFault(error);
        request.log.error({ requestId: request.id, fault }, 'answer not read');
        return sendProblem(request, reply, 'outcome_unknown');
      }
      reply.header('location', locationOf(begun.id, address.id));
      return reply.code(201).send(answer);
    }
  }
}

/** What is said of a transaction that is not decided yet; null: nothing was begun. */
function pendingAnswer(transaction: string | null, command: string): CrossBankPending {
  return transaction === null
    ? { status: 'queued', command }
    : { status: 'pending', command, transaction };
}

/** Where to ask what becomes of it. */
function locationOf(transaction: string | null, command: string): string {
  return transaction === null
    ? `/v1/commands/${encodeURIComponent(command)}`
    : `/v1/transactions/${transaction}`;
}
