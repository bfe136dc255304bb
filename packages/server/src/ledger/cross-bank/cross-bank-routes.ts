import {
  BankId,
  CrossBankTransactionAnswer,
  CrossBankTransactionList,
  CrossBankTransactionQuery,
  Uuid,
} from '@lastro/contract';
import { Type } from 'typebox';
import { answers } from '../../http/answers.ts';
import type { Application } from '../../http/application.ts';
import { decodeTextCursor, encodeCursor, invalidCursor } from '../../http/cursor.ts';
import { limitOf, pageOf } from '../../http/pages.ts';
import type { LedgerParts } from '../routes.ts';
import { readCrossBank, readCrossBanks } from './read-cross-bank.ts';

const TAGS = ['transactions'];

/** A cursor of the list holds the last id of the page before. */
const TRANSACTION_ID = /^[a-z][a-z0-9-]{1,30}\/[0-9a-f-]{36}$/;

/** Looking at transactions across banks, on whichever of them. */
export function registerCrossBankReads(app: Application, parts: LedgerParts): void {
  app.get(
    '/v1/transactions',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List transactions across banks, by coordinator and age',
        description:
          'All that this bank has a part in, in the order of their ids. `state=prepared&olderThan=60`: what has been promised ' +
          'for more than a minute and is not decided.',
        tags: TAGS,
        querystring: CrossBankTransactionQuery,
        response: answers(200, CrossBankTransactionList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const limit = limitOf(query);
      const after = decodeTextCursor(query.cursor) ?? null;
      if (after !== null && !TRANSACTION_ID.test(after)) throw invalidCursor();
      const { state, olderThan } = query;
      const before = olderThan === undefined ? undefined : Date.now() - olderThan * 1_000;
      const filter = { state, before, after, limit: limit + 1 };
      return pageOf(
        await readCrossBanks(parts, filter),
        limit,
        (transaction) => transaction,
        ({ id }) => encodeCursor(id),
      );
    },
  );

  app.get(
    '/v1/transactions/:bank/:number',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a transaction across banks',
        description: 'The same as with `<bank>%2F<UUID>` in one part.',
        tags: TAGS,
        params: Type.Object({ bank: BankId, number: Uuid }),
        response: answers(200, CrossBankTransactionAnswer, [400, 401, 404, 503]),
      },
    },
    ({ params }) => readCrossBank(parts, `${params.bank}/${params.number}`),
  );
}
