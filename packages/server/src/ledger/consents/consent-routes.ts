import { ConsentAnswer, ConsentList, ConsentQuery, ConsentRequest, Uuid } from '@lastro/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import { answers, COMMAND_PROBLEMS } from '../../http/answers.ts';
import type { Application } from '../../http/application.ts';
import { commandId } from '../../http/command-id.ts';
import { decodeNumberCursor, encodeCursor } from '../../http/cursor.ts';
import { limitOf, pageOf } from '../../http/pages.ts';
import { ProblemError, sendProblem } from '../../http/problem.ts';
import { answerCommand, envelopeOf, runCommand } from '../../http/run-command.ts';
import { readConsent, readConsents } from '../../store/consortium-reads.ts';
import type { LedgerParts } from '../routes.ts';
import { presentConsent, presentGranted } from './consent-answer.ts';

const TAGS = ['consents'];
const ById = Type.Object({ id: Uuid });

/** The right of another bank to debit an account: given, looked at, taken back. */
export function registerConsents(app: Application, parts: LedgerParts): void {
  registerGrant(app, parts);
  registerRevocation(app, parts);
  registerReads(app, parts);
}

function registerGrant(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/consents',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Let another bank debit an account',
        description:
          'By the transactions that the bank coordinates, up to an amount and a moment. It is used ' +
          'when the bank of the account promises its part, and given back when that comes to nothing.',
        tags: TAGS,
        body: ConsentRequest,
        response: answers(201, ConsentAnswer, COMMAND_PROBLEMS),
      },
    },
    (request, reply) => {
      const { id, account, bank, amount, uses, expiresAt } = request.body;
      const envelope = envelopeOf(request, 'POST /v1/consents', commandId(request, id), {
        type: 'GrantConsent',
        id: id ?? uuidV7(),
        account,
        bank,
        amount: BigInt(amount),
        uses,
        expiresAt: momentOf(expiresAt),
      });
      return answerCommand(engine, request, reply, envelope, 'consent.granted', presentGranted);
    },
  );
}

function momentOf(written: string): number {
  const at = Date.parse(written);
  if (!Number.isNaN(at)) return at;
  // The format lets through what no calendar has: a leap second, an offset of 24 hours.
  throw new ProblemError('invalid_request', {
    errors: [{ pointer: '/expiresAt', detail: 'is no moment of the calendar' }],
  });
}

function registerRevocation(app: Application, { engine, reads }: LedgerParts): void {
  app.delete(
    '/v1/consents/:id',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Take a consent back',
        description:
          'Nothing more is promised under it. What was promised before stays so, and may still be ' +
          'debited. Of one that was taken back before nothing changes.',
        tags: TAGS,
        params: ById,
        response: answers(200, ConsentAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    async (request: FastifyRequest<{ Params: { id: string } }>, reply): Promise<FastifyReply> => {
      const consent = request.params.id;
      const id = commandId(request, undefined);
      const result = await runCommand(
        engine,
        envelopeOf(request, `DELETE /v1/consents/${consent}`, id, {
          type: 'RevokeConsent',
          consent,
        }),
      );
      if (result.replayed) reply.header('idempotency-replayed', 'true');
      if (result.kind === 'refused' && result.code !== 'consent_revoked') {
        return sendProblem(request, reply, result.code, result.details);
      }
      const revoked = await readConsent(reads, consent);
      if (revoked === undefined) throw new Error('a consent is gone');
      return reply.code(200).send(presentConsent(revoked, Date.now()));
    },
  );
}

function registerReads(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/consents',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List consents, newest first',
        description: '`account`: those to debit it. `bank`: those of that bank.',
        tags: TAGS,
        querystring: ConsentQuery,
        response: answers(200, ConsentList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const limit = limitOf(query);
      const before = decodeNumberCursor(query.cursor, 1)?.[0];
      const filter = { account: query.account, bank: query.bank };
      const consents = await readConsents(reads, filter, before, limit + 1);
      const now = Date.now();
      return pageOf(
        consents,
        limit,
        (consent) => presentConsent(consent, now),
        ({ seq }) => encodeCursor(seq),
      );
    },
  );

  app.get(
    '/v1/consents/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a consent',
        tags: TAGS,
        params: ById,
        response: answers(200, ConsentAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }) => {
      const consent = await readConsent(reads, params.id);
      if (consent === undefined) throw new ProblemError('not_found');
      return presentConsent(consent, Date.now());
    },
  );
}
