import { AccountAnswer, AccountChange, AccountId, StatusRequest } from '@lastro/contract';
import type { AccountChanged, AccountStatusChanged, Envelope, LimitChange } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { answerFromReads, envelopeOf, factOf } from '../http/run-command.ts';
import { expectedVersion, versionTag } from '../http/version-tag.ts';
import { presentChangedAccount } from './account-answer.ts';
import type { LedgerParts } from './routes.ts';

const TAGS = ['accounts'];
const ById = Type.Object({ id: AccountId });

/** What changes an account beside the movements on it. */
export function registerAccountLife(app: Application, parts: LedgerParts): void {
  registerLimits(app, parts);
  for (const change of STATUS_CHANGES) registerStatus(app, parts, change);
}

function registerLimits(app: Application, parts: LedgerParts): void {
  app.patch(
    '/v1/accounts/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Change the limits of an account',
        description:
          'Nothing that is in use, promises counted, can be cut off. With If-Match, only the ' +
          'version that was read is changed.',
        tags: TAGS,
        params: ById,
        body: AccountChange,
        response: answers(200, AccountAnswer, [...COMMAND_PROBLEMS, 412]),
      },
    },
    (request, reply) => {
      const account = request.params.id;
      const version = expectedVersion(request);
      const route = `PATCH /v1/accounts/${account} ${version ?? 'any'}`;
      const envelope = envelopeOf(request, route, commandId(request, undefined), {
        type: 'ChangeAccount',
        account,
        version: version ?? null,
        creditLimit: limitChange(request.body.creditLimit),
        maximumBalance: limitChange(request.body.maximumBalance),
      });
      return answerWithAccount(parts, request, reply, envelope);
    },
  );
}

function limitChange(limit: number | null | undefined): LimitChange {
  if (limit === undefined) return null;
  return { to: limit === null ? null : BigInt(limit) };
}

interface StatusChange {
  readonly verb: 'freeze' | 'unfreeze' | 'close' | 'reopen';
  readonly type: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount' | 'ReopenAccount';
  readonly summary: string;
  readonly description: string;
}

const STATUS_CHANGES: readonly StatusChange[] = [
  {
    verb: 'freeze',
    type: 'FreezeAccount',
    summary: 'Let nothing more leave an account',
    description:
      'Once this is answered no new debit and no new hold out is accepted. Credits arrive, and ' +
      'what was promised before can still be captured and released.',
  },
  {
    verb: 'unfreeze',
    type: 'UnfreezeAccount',
    summary: 'Let a frozen account move again',
    description: 'The account is as it was before it was frozen.',
  },
  {
    verb: 'close',
    type: 'CloseAccount',
    summary: 'Close an account for good, or until it is reopened',
    description: 'Only with a balance of zero and without holds, in or out. Nothing moves on it.',
  },
  {
    verb: 'reopen',
    type: 'ReopenAccount',
    summary: 'Open a closed account again',
    description: 'With the limits and the history that it had.',
  },
];

function registerStatus(
  app: Application,
  parts: LedgerParts,
  { verb, type, summary, description }: StatusChange,
): void {
  app.post(
    `/v1/accounts/:id/${verb}`,
    {
      config: { scope: 'admin', bodyIsOptional: true },
      schema: {
        summary,
        description,
        tags: TAGS,
        params: ById,
        body: StatusRequest,
        response: answers(200, AccountAnswer, COMMAND_PROBLEMS),
      },
    },
    // Without its type the parameters of a path that is put together are unknown.
    (request: FastifyRequest<{ Params: { id: string }; Body: StatusRequest }>, reply) => {
      const account = request.params.id;
      const route = `POST /v1/accounts/${account}/${verb}`;
      const envelope = envelopeOf(request, route, commandId(request, undefined), {
        type,
        account,
        reason: request.body.reason ?? null,
      });
      return answerWithAccount(parts, request, reply, envelope);
    },
  );
}

function answerWithAccount(
  { engine, reads }: LedgerParts,
  request: FastifyRequest,
  reply: FastifyReply,
  envelope: Envelope,
): Promise<FastifyReply> {
  return answerFromReads(engine, request, reply, envelope, 200, async (accepted) => {
    const fact: AccountChanged | AccountStatusChanged = factOf(
      accepted,
      'account.changed',
      'account.frozen',
      'account.unfrozen',
      'account.closed',
      'account.reopened',
    );
    reply.header('etag', versionTag(fact.left.version));
    return presentChangedAccount(reads, fact);
  });
}
