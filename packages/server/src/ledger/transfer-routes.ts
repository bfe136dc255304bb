import {
  BatchAnswer,
  BatchRequest,
  CashRequest,
  TransferAnswer,
  TransferList,
  TransferQuery,
  TransferRequest,
  Uuid,
  WIRE_INTEGER_MAX,
  type BatchResult,
} from '@lastro/contract';
import { NO_METADATA, type Command, type Envelope } from '@lastro/core';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandHash, commandId, idempotencyKey } from '../http/command-id.ts';
import { leaseTokens } from '../http/lease-tokens.ts';
import { limitOf } from '../http/pages.ts';
import { periodOf } from '../http/period.ts';
import { ProblemError } from '../http/problem.ts';
import { answerCommand, envelopeOf, runCommand } from '../http/run-command.ts';
import { decodePlace, encodePlace } from './place-cursor.ts';
import { conditionOf } from './condition.ts';
import { presentTransfer } from './present.ts';
import { readTransfer } from './queries.ts';
import type { LedgerParts } from './routes.ts';
import { metadataFilter } from './search/metadata-filter.ts';
import type { AmountRange } from './search/transfer-page.ts';
import { searchTransfers } from './search/transfer-search.ts';

const TAGS = ['transfers'];
const SEARCH =
  'All that is given must hold; `from` and `to` bound the booking, `account` is either side. A page ' +
  'may have fewer than `limit`, even none, and yet a `next`: only a `next` of null is the end.';
const TRANSFERS = 'POST /v1/transfers';

export function registerTransfers(app: Application, parts: LedgerParts): void {
  registerTransferCommands(app, parts);
  registerBatch(app, parts);
  registerReads(app, parts);
}

/** Single transfers, deposits and withdrawals. */
export function registerTransferCommands(app: Application, parts: LedgerParts): void {
  registerSingle(app, parts);
  registerCash(app, parts);
}

function registerSingle(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/transfers',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Move an amount from one account to another',
        tags: TAGS,
        body: TransferRequest,
        response: answers(201, TransferAnswer, [...COMMAND_PROBLEMS, 412]),
      },
    },
    (request, reply) => {
      const { body } = request;
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

/** A wanted transfer as a command: what the client left out is chosen here. */
function transferOf(body: TransferRequest) {
  return {
    type: 'PostTransfer',
    id: body.id ?? uuidV7(),
    from: body.from,
    to: body.to,
    amount: BigInt(body.amount),
    metadata: body.metadata ?? NO_METADATA,
    condition: conditionOf(body),
  } satisfies Command;
}

function registerBatch(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/transfers/batch',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Post up to 1000 transfers, each settled by itself',
        description:
          'Each transfer has its own `id`, or the command id `<Idempotency-Key>#<index>`. ' +
          'The same id as in `POST /v1/transfers` is the same command.',
        tags: TAGS,
        body: BatchRequest,
        response: answers(200, BatchAnswer, [400, 401, 403]),
      },
    },
    async (request) => {
      const key = idempotencyKey(request);
      const settled = request.body.transfers.map((transfer, index) =>
        runBatched(engine, batchedEnvelope(request, transfer, key, index)),
      );
      return { results: await Promise.all(settled) };
    },
  );
}

function batchedEnvelope(
  request: FastifyRequest,
  body: TransferRequest,
  key: string | undefined,
  index: number,
): Envelope {
  const command = transferOf(body);
  const id = body.id ?? (key === undefined ? command.id : `${key}#${index}`);
  return {
    principal: request.principal.id,
    id,
    hash: commandHash(TRANSFERS, body),
    command,
    leaseTokens: leaseTokens(request),
  };
}

async function runBatched(engine: LedgerParts['engine'], envelope: Envelope): Promise<BatchResult> {
  const result = await runCommand(engine, envelope);
  if (result.kind === 'refused') {
    return envelope.command.type === 'PostTransfer' && envelope.id === envelope.command.id
      ? { id: envelope.id, code: result.code }
      : { code: result.code };
  }
  if (result.fact.type !== 'transfer.posted') throw new Error('a transfer made another fact');
  return { id: result.fact.transfer.id, status: 'posted' };
}

function registerCash(app: Application, { engine }: LedgerParts): void {
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
