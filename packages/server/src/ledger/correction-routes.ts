import {
  ReversalRequest,
  TransactionAnswer,
  TransactionReversalRequest,
  TransferAnswer,
  Uuid,
} from '@lastro/contract';
import { NO_METADATA } from '@lastro/core';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { answerCommand, envelopeOf } from '../http/run-command.ts';
import { presentReversal } from './present.ts';
import type { LedgerParts } from './routes.ts';
import { presentTransaction } from './transaction-answer.ts';

const TAGS = ['corrections'];
const ById = Type.Object({ id: Uuid });

export function registerCorrections(app: Application, parts: LedgerParts): void {
  registerTransferReversal(app, parts);
  registerTransactionReversal(app, parts);
}

function registerTransferReversal(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/transfers/:id/reversals',
    {
      config: { scope: 'write', bodyIsOptional: true },
      schema: {
        summary: 'Move all or a part of a transfer back',
        description:
          'A new transfer; all reversals of one together never move more than it did. What is ' +
          'part of an order, a transaction or a group is corrected only as a whole. Deposits and ' +
          'withdrawals need a key of scope `admin`.',
        tags: TAGS,
        params: ById,
        body: ReversalRequest,
        response: answers(201, TransferAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const reverses = request.params.id;
      const { id, amount, metadata = NO_METADATA } = request.body;
      const route = `POST /v1/transfers/${reverses}/reversals`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'ReverseTransfer',
        id: id ?? uuidV7(),
        reverses,
        amount: amount === undefined ? null : BigInt(amount),
        metadata,
        mayMoveCash: request.principal.scope === 'admin',
      });
      return answerCommand(
        engine,
        request,
        reply,
        envelope,
        'transfer.reversed',
        (fact, { seq, at }) => presentReversal(fact, seq, at),
      );
    },
  );
}

function registerTransactionReversal(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/transactions/:id/reversals',
    {
      config: { scope: 'write', bodyIsOptional: true },
      schema: {
        summary: 'Move a transaction or a captured group back, whole, once',
        description: 'An order is taken back by `POST /v1/orders/{id}/cancel`.',
        tags: TAGS,
        params: ById,
        body: TransactionReversalRequest,
        response: answers(201, TransactionAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const reverses = request.params.id;
      const { id } = request.body;
      const route = `POST /v1/transactions/${reverses}/reversals`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'ReverseTransaction',
        id: id ?? uuidV7(),
        reverses,
        transferId: uuidV7(),
      });
      return answerCommand(
        engine,
        request,
        reply,
        envelope,
        'transaction.reversed',
        (fact, { seq, at }) => presentTransaction(fact.id, fact, seq, at),
      );
    },
  );
}
