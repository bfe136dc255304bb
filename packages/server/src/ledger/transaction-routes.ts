import { TransactionAnswer, TransactionRequest, Uuid } from '@lastro/contract';
import { NO_METADATA, postedTransfers } from '@lastro/core';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { ProblemError } from '../http/problem.ts';
import { answerCommand, envelopeOf } from '../http/run-command.ts';
import { toTimestamp } from '../http/wire.ts';
import { readEvent } from '../store/read-event.ts';
import { conditionOf } from './condition.ts';
import { readTransactionSeq } from './queries.ts';
import type { LedgerParts } from './routes.ts';
import { presentTransaction } from './transaction-answer.ts';

const TAGS = ['transactions'];

export function registerTransactions(app: Application, { engine, reads }: LedgerParts): void {
  app.post(
    '/v1/transactions',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Post several transfers, all or none',
        description:
          'The transfers are judged in their order, each after those before it; the first that ' +
          'is impossible is the reason why none is posted.',
        tags: TAGS,
        body: TransactionRequest,
        response: answers(201, TransactionAnswer, [...COMMAND_PROBLEMS, 412]),
      },
    },
    (request, reply) => {
      const { body } = request;
      const envelope = envelopeOf(request, 'POST /v1/transactions', commandId(request, body.id), {
        type: 'PostTransaction',
        id: body.id ?? uuidV7(),
        transfers: body.transfers.map((transfer) => ({
          id: transfer.id ?? uuidV7(),
          from: transfer.from,
          to: transfer.to,
          amount: BigInt(transfer.amount),
          metadata: transfer.metadata ?? NO_METADATA,
          condition: conditionOf(transfer),
        })),
      });
      return answerCommand(
        engine,
        request,
        reply,
        envelope,
        'transaction.posted',
        (fact, { seq, at }) => presentTransaction(fact.id, fact, seq, at),
      );
    },
  );

  app.get(
    '/v1/transactions/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'Read a transaction; an order, a captured group and what took them back are some, too',
        tags: TAGS,
        params: Type.Object({ id: Uuid }),
        response: answers(200, TransactionAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }) => {
      const seq = await readTransactionSeq(reads, params.id);
      const found = seq === undefined ? undefined : await readEvent(reads, seq);
      // A refused order and a hold have their ids among those of transactions, and moved nothing.
      if (found === undefined || postedTransfers(found.event.fact).length === 0) {
        throw new ProblemError('not_found');
      }
      const { fact } = found.event;
      return presentTransaction(params.id, fact, found.event.seq, toTimestamp(found.at));
    },
  );
}
