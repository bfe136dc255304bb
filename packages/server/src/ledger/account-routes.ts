import {
  AccountAnswer,
  AccountId,
  AccountList,
  AccountQuery,
  AccountRequest,
  EntryList,
  EntryQuery,
} from '@lastro/contract';
import { NO_METADATA } from '@lastro/core';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { decodeNumberCursor, encodeCursor } from '../http/cursor.ts';
import { limitOf, pageOf } from '../http/pages.ts';
import { periodOf } from '../http/period.ts';
import { ProblemError, sendProblem } from '../http/problem.ts';
import { answerCommand, envelopeOf } from '../http/run-command.ts';
import { versionTag } from '../http/version-tag.ts';
import { decodePlace, encodePlace } from './place-cursor.ts';
import { presentAccount, presentOpenedAccount } from './present.ts';
import { readAccount, readEntries } from './queries.ts';
import type { LedgerParts } from './routes.ts';
import { searchAccounts } from './search/account-search.ts';
import { metadataFilter } from './search/metadata-filter.ts';

const TAGS = ['accounts'];
const SEARCH =
  'All that is given must hold; `from` and `to` bound the opening. A page may have fewer than ' +
  '`limit`, even none, and yet a `next`: only a `next` of null is the end.';
const ById = Type.Object({ id: AccountId });

export function registerAccounts(app: Application, parts: LedgerParts): void {
  registerOpening(app, parts);
  registerReads(app, parts);
  registerEntries(app, parts);
}

function registerOpening(app: Application, { engine }: LedgerParts): void {
  app.post(
    '/v1/accounts',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Open an account',
        tags: TAGS,
        body: AccountRequest,
        response: answers(201, AccountAnswer, COMMAND_PROBLEMS),
      },
    },
    async (request, reply) => {
      const { id, asset, creditLimit = 0, maximumBalance = null } = request.body;
      const { metadata = NO_METADATA } = request.body;
      if (creditLimit === null && request.principal.scope !== 'admin') {
        return sendProblem(request, reply, 'forbidden', {
          detail: 'only an admin key opens an account without limit',
        });
      }
      const account = id ?? `acc_${uuidV7()}`;
      const envelope = envelopeOf(request, 'POST /v1/accounts', commandId(request, id), {
        type: 'OpenAccount',
        account,
        asset,
        creditLimit: creditLimit === null ? null : BigInt(creditLimit),
        maximumBalance: maximumBalance === null ? null : BigInt(maximumBalance),
        metadata,
      });
      return answerCommand(engine, request, reply, envelope, 'account.opened', (fact, accepted) => {
        const opened = presentOpenedAccount(fact, accepted);
        reply.header('etag', versionTag(opened.version));
        return opened;
      });
    },
  );
}

function registerReads(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/accounts',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List and search accounts, newest first',
        description: SEARCH,
        tags: TAGS,
        querystring: AccountQuery,
        response: answers(200, AccountList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      // What PostgreSQL's text can't hold can't be an asset.
      if (query.asset?.includes('\0') === true) throw new ProblemError('invalid_request');
      const filter = { asset: query.asset ?? null, metadata: metadataFilter(query) };
      const before = decodeNumberCursor(query.cursor, 1)?.[0];
      const limit = limitOf(query);
      const page = await searchAccounts(reads, filter, periodOf(query), before, limit);
      return {
        data: page.found.map(({ account }) => presentAccount(account)),
        next: page.next === null ? null : encodeCursor(page.next),
      };
    },
  );

  registerAccountRead(app, { reads });
}

/** One account by its id. */
export function registerAccountRead(app: Application, { reads }: Pick<LedgerParts, 'reads'>): void {
  app.get(
    '/v1/accounts/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read an account; its version is the ETag',
        tags: TAGS,
        params: ById,
        response: answers(200, AccountAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }, reply) => {
      const account = await readAccount(reads, params.id);
      if (account === undefined) throw new ProblemError('not_found');
      return reply.header('etag', versionTag(account.version)).send(presentAccount(account));
    },
  );
}

function registerEntries(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/accounts/:id/entries',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The account’s entries, newest first',
        tags: TAGS,
        params: ById,
        querystring: EntryQuery,
        response: answers(200, EntryList, [400, 401, 404, 503]),
      },
    },
    async ({ params, query }) => {
      const limit = limitOf(query);
      const before = decodePlace(query.cursor);
      if ((await readAccount(reads, params.id)) === undefined) throw new ProblemError('not_found');
      const rows = await readEntries(reads, params.id, before, limit + 1);
      return pageOf(rows, limit, ({ entry }) => entry, encodePlace);
    },
  );
}
