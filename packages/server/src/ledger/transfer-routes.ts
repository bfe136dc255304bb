import {
  CashRequest,
  TransferAnswer,
  TransferList,
  TransferQuery,
  TransferRequest,
  Uuid,
  WIRE_INTEGER_MAX,
} from '@lastro/contract';
import { NO_METADATA } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { acrossAnswers, answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { answerAcross } from '../http/cross-bank/answer-across.ts';
import { hostOf } from '../http/cross-bank/begin-across.ts';
import { patienceOf } from '../http/cross-bank/patience.ts';
import { limitOf } from '../http/pages.ts';
import { periodOf } from '../http/period.ts';
import { ProblemError } from '../http/problem.ts';
import { addressOf, answerCommand, envelopeOf } from '../http/run-command.ts';
import { registerBatch } from './batch-routes.ts';
import { checkLeg, checkLocalMovement, isAcrossBanks, legsOf } from './cross-bank/movement.ts';
import { presentLegs } from './cross-bank/present-legs.ts';
import { decodePlace, encodePlace } from './place-cursor.ts';
import { presentTransfer } from './present.ts';
import { readTransfer } from './queries.ts';
import type { LedgerParts } from './routes.ts';
import { metadataFilter } from './search/metadata-filter.ts';
import type { AmountRange } from './search/transfer-page.ts';
import { searchTransfers } from './search/transfer-search.ts';
import { TRANSFERS, transferOf } from './transfer-command.ts';

const TAGS = ['transfers'];
const SEARCH =
  'All that is given must hold; `from` and `to` bound the booking, `account` is either side. A page ' +
  'may have fewer than `limit`, even none, and yet a `next`: only a `next` of null is the end.';
const ACROSS =
  'With `<bank>/<account>` as `to` (or as `from`, with a `consent` of its bank) the transfer crosses ' +
  'banks: it is answered when both have decided and this one has done its part, or with 202 when ' +
  'that takes longer; `Location` says where to ask. It has the id of its transaction then.';

export function registerTransfers(app: Application, parts: LedgerParts): void {
  registerTransferCommands(app, parts);
  registerBatch(app, parts);
  registerReads(app, parts);
}

type CommandParts = Pick<LedgerParts, 'assets' | 'bank' | 'crossBank'> & {
  readonly engine: Pick<LedgerParts['engine'], 'submit'>;
};

/** Single transfers, deposits and withdrawals. */
export function registerTransferCommands(app: Application, parts: CommandParts): void {
  registerSingle(app, parts);
  registerCash(app, parts);
}

function registerSingle(app: Application, parts: CommandParts): void {
  const { engine, bank } = parts;
  app.post(
    '/v1/transfers',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Move an amount from one account to another, here or in another bank',
        description: ACROSS,
        tags: TAGS,
        body: TransferRequest,
        response: acrossAnswers(TransferAnswer, [...COMMAND_PROBLEMS, 412]),
      },
    },
    (request, reply) => {
      const { body } = request;
      if (isAcrossBanks(body, bank)) return transferAcross(parts, request, reply, body);
      checkLocalMovement(body, '');
      const envelope = envelopeOf(
        request,
        TRANSFERS,
        commandId(request, body.id),
        transferOf(body),
      );
      return answerCommand(
        engine,
        request,
        reply,
        envelope,
        'transfer.posted',
        ({ transfer }, { seq, at }) => presentTransfer(transfer, seq, at),
      );
    },
  );
}

/** A transfer to or from another bank. */
async function transferAcross(
  { assets, bank, crossBank }: CommandParts,
  request: FastifyRequest,
  reply: FastifyReply,
  body: TransferRequest,
): Promise<FastifyReply> {
  const address = addressOf(request, TRANSFERS, commandId(request, body.id), body);
  checkLeg(body, bank, '');
  const patience = patienceOf(body, Date.now());
  const host = hostOf(crossBank);
  const legs = await legsOf(assets, [body], bank);
  const wanted = { legs, patience, order: null };
  return answerAcross(host, request, reply, address, wanted, (committed) =>
    presentLegs(legs, committed).transfers.at(0),
  );
}

function registerCash(app: Application, { engine }: CommandParts): void {
  for (const [path, type] of [
    ['/v1/deposits', 'Deposit'],
    ['/v1/withdrawals', 'Withdraw'],
  ] as const) {
    const summary =
      type === 'Deposit' ? 'Bring money in from outside' : 'Pay money out to the outside';
    app.post(
      path,
      {
        config: { scope: 'admin' },
        schema: {
          summary,
          tags: TAGS,
          body: CashRequest,
          response: answers(201, TransferAnswer, COMMAND_PROBLEMS),
        },
      },
      (request, reply) => {
        const { body } = request;
        const envelope = envelopeOf(request, `POST ${path}`, commandId(request, body.id), {
          type,
          id: body.id ?? uuidV7(),
          account: body.account,
          amount: BigInt(body.amount),
          metadata: body.metadata ?? NO_METADATA,
        });
        return answerCommand(
          engine,
          request,
          reply,
          envelope,
          'transfer.posted',
          ({ transfer }, { seq, at }) => presentTransfer(transfer, seq, at),
        );
      },
    );
  }
}

function registerReads(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/transfers',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List and search transfers, newest first',
        description: SEARCH,
        tags: TAGS,
        querystring: TransferQuery,
        response: answers(200, TransferList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const filter = {
        account: query.account ?? null,
        amounts: amountsOf(query),
        metadata: metadataFilter(query),
      };
      const before = decodePlace(query.cursor);
      const page = await searchTransfers(reads, filter, periodOf(query), before, limitOf(query));
      return {
        data: page.found.map(({ transfer }) => transfer),
        next: page.next === null ? null : encodePlace(page.next),
      };
    },
  );

  app.get(
    '/v1/transfers/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a transfer',
        tags: TAGS,
        params: Type.Object({ id: Uuid }),
        response: answers(200, TransferAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }) => {
      const transfer = await readTransfer(reads, params.id);
      if (transfer === undefined) throw new ProblemError('not_found');
      return transfer;
    },
  );
}

/** Which amounts are asked for; null: any. Throws `invalid_request` where none can be. */
function amountsOf({ minAmount, maxAmount }: TransferQuery): AmountRange | null {
  if (minAmount === undefined && maxAmount === undefined) return null;
  const range = { low: minAmount ?? 0, high: maxAmount ?? WIRE_INTEGER_MAX };
  if (range.high < range.low) {
    throw new ProblemError('invalid_request', {
      errors: [{ pointer: '#querystring/maxAmount', detail: 'is below minAmount' }],
    });
  }
  return range;
}
