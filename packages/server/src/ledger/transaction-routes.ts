import {
  CrossBankTransactionAnswer,
  TransactionAnswer,
  TransactionId,
  TransactionRequest,
} from '@lastro/contract';
import { NO_METADATA, postedTransfers, type Command } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { acrossAnswers, answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { answerAcross } from '../http/cross-bank/answer-across.ts';
import { hostOf } from '../http/cross-bank/begin-across.ts';
import { patienceOf } from '../http/cross-bank/patience.ts';
import { localAccount } from '../http/cross-bank/place.ts';
import { ProblemError } from '../http/problem.ts';
import { addressOf, answerCommand, envelopeOf } from '../http/run-command.ts';
import { toTimestamp } from '../http/wire.ts';
import { readEvent } from '../store/read-event.ts';
import { conditionOf } from './condition.ts';
import { checkLeg, checkLocalMovement, isAcrossBanks, legsOf } from './cross-bank/movement.ts';
import { presentLegs } from './cross-bank/present-legs.ts';
import { readCrossBank } from './cross-bank/read-cross-bank.ts';
import { readTransactionSeq } from './queries.ts';
import type { LedgerParts } from './routes.ts';
import { presentTransaction } from './transaction-answer.ts';

const TAGS = ['transactions'];
const TRANSACTIONS = 'POST /v1/transactions';

export function registerTransactions(app: Application, parts: LedgerParts): void {
  registerPosting(app, parts);
  registerRead(app, parts);
}

function registerPosting(app: Application, parts: LedgerParts): void {
  const { engine, bank } = parts;
  app.post(
    '/v1/transactions',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Post several transfers, all or none, here or across banks',
        description:
          'The transfers are judged in their order, each after those before it; the first that ' +
          'is impossible is the reason why none is posted. As soon as one of them names an account ' +
          'of another bank, every bank that has one decides with: see `POST /v1/transfers`.',
        tags: TAGS,
        body: TransactionRequest,
        response: acrossAnswers(TransactionAnswer, [...COMMAND_PROBLEMS, 412]),
      },
    },
    (request, reply) => {
      const { body } = request;
      if (body.transfers.some((transfer) => isAcrossBanks(transfer, bank))) {
        return transactAcross(parts, request, reply, body);
      }
      body.transfers.forEach((each, index) => checkLocalMovement(each, `/transfers/${index}`));
      const id = commandId(request, body.id);
      return answerCommand(
        engine,
        request,
        reply,
        envelopeOf(request, TRANSACTIONS, id, transactionOf(body)),
        'transaction.posted',
        (fact, { seq, at }) => presentTransaction(fact.id, fact, seq, at),
      );
    },
  );
}

/** A wanted transaction within the bank as a command: what the client left out is chosen here. */
function transactionOf(body: TransactionRequest) {
  return {
    type: 'PostTransaction',
    id: body.id ?? uuidV7(),
    transfers: body.transfers.map((transfer) => ({
      id: transfer.id ?? uuidV7(),
      from: localAccount(transfer.from),
      to: localAccount(transfer.to),
      amount: BigInt(transfer.amount),
      metadata: transfer.metadata ?? NO_METADATA,
      condition: conditionOf(transfer),
    })),
  } satisfies Command;
}

/** A transaction in which other banks have a part. */
async function transactAcross(
  { assets, bank, crossBank }: LedgerParts,
  request: FastifyRequest,
  reply: FastifyReply,
  body: TransactionRequest,
): Promise<FastifyReply> {
  const address = addressOf(request, TRANSACTIONS, commandId(request, body.id), body);
  body.transfers.forEach((each, index) => {
    const place = `/transfers/${index}`;
    checkLeg(each, bank, place);
    if (each.id !== undefined) {
      const detail = 'is for transactions within the bank alone';
      throw new ProblemError('invalid_request', { errors: [{ pointer: `${place}/id`, detail }] });
    }
  });
  const patience = patienceOf(body, Date.now());
  const host = hostOf(crossBank);
  const legs = await legsOf(assets, body.transfers, bank);
  const wanted = { legs, patience, order: null };
  return answerAcross(host, request, reply, address, wanted, (committed) =>
    presentLegs(legs, committed),
  );
}

function registerRead(app: Application, parts: LedgerParts): void {
  const { reads } = parts;
  app.get(
    '/v1/transactions/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'Read a transaction; an order, a captured group and what took them back are some, too',
        description:
          'By a UUID: what it posted in this bank. By `<bank>/<UUID>`, its `/` written `%2F`: a ' +
          'transaction across banks, with what this bank knows of every vote and of the decision.',
        tags: TAGS,
        params: Type.Object({ id: TransactionId }),
        response: answers(
          200,
          Type.Union([TransactionAnswer, CrossBankTransactionAnswer]),
          [400, 401, 404, 503],
        ),
      },
    },
    async ({ params }) => {
      if (params.id.includes('/')) return readCrossBank(parts, params.id);
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
