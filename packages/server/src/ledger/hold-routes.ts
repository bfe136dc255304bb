import {
  CaptureRequest,
  ExtensionRequest,
  HoldAnswer,
  HoldList,
  HoldQuery,
  HoldRequest,
  ReleaseRequest,
  Uuid,
} from '@lastro/contract';
import { NO_METADATA, type HoldRequest as Promised } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { decodeNumberCursor, encodeCursor } from '../http/cursor.ts';
import { limitOf, pageOf } from '../http/pages.ts';
import { ProblemError } from '../http/problem.ts';
import { answerCommand, answerFromReads, envelopeOf } from '../http/run-command.ts';
import { conditionOf } from './condition.ts';
import { presentEndedHold, presentExtendedHold, presentPlacedHold } from './hold-answer.ts';
import { expiryOf, writtenExpiry } from './hold-expiry.ts';
import { readHold, readHolds } from './hold-queries.ts';
import type { LedgerParts } from './routes.ts';

const TAGS = ['holds'];
const ById = Type.Object({ id: Uuid });

export function registerHolds(app: Application, parts: LedgerParts): void {
  registerPlacing(app, parts);
  registerCapture(app, parts);
  registerRelease(app, parts);
  registerExtension(app, parts);
  registerReads(app, parts);
}

function registerPlacing(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/holds',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Promise a transfer, or several that end together',
        description:
          'What is promised counts against every limit of both accounts at once. It is captured, ' +
          'released, or expires: after a day unless `ttl` or `expiresAt` says otherwise.',
        tags: TAGS,
        body: HoldRequest,
        response: answers(201, HoldAnswer, [...COMMAND_PROBLEMS, 412]),
      },
    },
    (request, reply) => {
      const { body } = request;
      const envelope = envelopeOf(request, 'POST /v1/holds', commandId(request, body.id), {
        type: 'PlaceHold',
        id: body.id ?? uuidV7(),
        transfers: promisedIn(body),
        expiry: expiryOf(body),
      });
      return answerCommand(engine, request, reply, envelope, 'hold.placed', presentPlacedHold);
    },
  );
}

function promisedIn(body: HoldRequest): readonly Promised[] {
  const wanted = 'transfers' in body ? body.transfers : [body];
  return wanted.map((promised) => ({
    from: promised.from,
    to: promised.to,
    amount: BigInt(promised.amount),
    metadata: promised.metadata ?? NO_METADATA,
    condition: conditionOf(promised),
  }));
}

function registerCapture(app: Application, parts: LedgerParts): void {
  app.post(
    '/v1/holds/:id/capture',
    {
      config: { scope: 'write', bodyIsOptional: true },
      schema: {
        summary: 'Post what was promised, or a part of it',
        description:
          'Of a part, the rest is released. A hold of several transfers is captured whole and ' +
          'becomes the transaction of its id. Neither freeze nor lease stands in its way.',
        tags: TAGS,
        params: ById,
        body: CaptureRequest,
        response: answers(200, HoldAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const hold = request.params.id;
      const { id, amount } = request.body;
      const route = `POST /v1/holds/${hold}/capture`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'CaptureHold',
        hold,
        amount: amount === undefined ? null : BigInt(amount),
        transferId: id ?? uuidV7(),
      });
      return answerWithEnd(parts, request, reply, envelope);
    },
  );
}

function registerRelease(app: Application, parts: LedgerParts): void {
  app.post(
    '/v1/holds/:id/release',
    {
      config: { scope: 'write', bodyIsOptional: true },
      schema: {
        summary: 'Give up what was promised',
        tags: TAGS,
        params: ById,
        body: ReleaseRequest,
        response: answers(200, HoldAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const hold = request.params.id;
      const route = `POST /v1/holds/${hold}/release`;
      const id = commandId(request, request.body.id);
      const envelope = envelopeOf(request, route, id, { type: 'ReleaseHold', hold });
      return answerWithEnd(parts, request, reply, envelope);
    },
  );
}

/** What ended stays as it is, so the hold as it stands is the hold as the command left it. */
function answerWithEnd(
  { engine, reads }: LedgerParts,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  envelope: ReturnType<typeof envelopeOf>,
): Promise<FastifyReply> {
  return answerFromReads(engine, request, reply, envelope, 200, (accepted) =>
    presentEndedHold(reads, request.params.id, accepted),
  );
}

function registerExtension(app: Application, { engine, reads }: LedgerParts): void {
  app.post(
    '/v1/holds/:id/extend',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Let a hold last longer',
        description: 'Later than before, and within 90 days from now.',
        tags: TAGS,
        params: ById,
        body: ExtensionRequest,
        response: answers(200, HoldAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const hold = request.params.id;
      const expiry = writtenExpiry(request.body);
      if (expiry === undefined) {
        throw new ProblemError('invalid_request', {
          errors: [{ pointer: '', detail: 'must have ttl or expiresAt' }],
        });
      }
      const route = `POST /v1/holds/${hold}/extend`;
      const id = commandId(request, request.body.id);
      const envelope = envelopeOf(request, route, id, { type: 'ExtendHold', hold, expiry });
      return answerFromReads(engine, request, reply, envelope, 200, (accepted) =>
        presentExtendedHold(reads, hold, accepted),
      );
    },
  );
}

function registerReads(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/holds',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List holds, newest first',
        description: '`account`: those that promise something from it or to it.',
        tags: TAGS,
        querystring: HoldQuery,
        response: answers(200, HoldList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const limit = limitOf(query);
      const before = decodeNumberCursor(query.cursor, 1)?.[0];
      const filter = { account: query.account, state: query.state };
      const holds = await readHolds(reads, filter, before, limit + 1);
      return pageOf(
        holds,
        limit,
        (hold) => hold,
        ({ seq }) => encodeCursor(seq),
      );
    },
  );

  app.get(
    '/v1/holds/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a hold',
        tags: TAGS,
        params: ById,
        response: answers(200, HoldAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }) => {
      const hold = await readHold(reads, params.id);
      if (hold === undefined) throw new ProblemError('not_found');
      return hold;
    },
  );
}
