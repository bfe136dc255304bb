import { TransactionAnswer, TransactionRequest, Uuid } from '@lastro/contract';
import { NO_METADATA, postedTransfers, type Transfer } from '@lastro/core';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { ProblemError } from '../http/problem.ts';
import { answerCommand, envelopeOf } from '../http/run-command.ts';
import { toTimestamp } from '../http/wire.ts';
import { readEvent, type RecordedEvent } from '../store/read-event.ts';
import { conditionOf } from './condition.ts';
import { presentTransfer } from './present.ts';
import { readTransactionSeq } from './queries.ts';
import type { LedgerParts } from './routes.ts';

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
        response: answers(201, TransactionAnswer, COMMAND_PROBLEMS),
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
        ({ id, transfers }, { seq, at }) => present(id, transfers, seq, at),
      );
    },
  );

  app.get(
    '/v1/transactions/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a transaction; an order is one, too',
        tags: TAGS,
        params: Type.Object({ id: Uuid }),
        response: answers(200, TransactionAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }) => {
      const seq = await readTransactionSeq(reads, params.id);
      const found = seq === undefined ? undefined : await readEvent(reads, seq);
      const transfers = found === undefined ? undefined : transfersOf(found);
      if (found === undefined || transfers === undefined) throw new ProblemError('not_found');
      return present(params.id, transfers, found.event.seq, toTimestamp(found.at));
    },
  );
}

/** A refused order has its id among those of transactions, and moved nothing. */
function transfersOf({ event }: RecordedEvent): readonly Transfer[] | undefined {
  const transfers = postedTransfers(event.fact);
  return transfers.length === 0 ? undefined : transfers;
}

function present(
  id: string,
  transfers: readonly Transfer[],
  seq: number,
  at: string,
): TransactionAnswer {
  return {
    id,
    status: 'posted',
    seq,
    at,
    transfers: transfers.map((transfer) => presentTransfer(transfer, seq, at)),
  };
}
