import { Consistency, TrialBalance, TrialBalanceQuery } from '@lastro/contract';
import type { Application } from '../http/application.ts';
import { answers } from '../http/answers.ts';
import { checkConsistency } from './consistency.ts';
import { readBooksAt } from './history/past-books.ts';
import type { LedgerParts } from './routes.ts';
import { presentBooks, readBooks } from './trial-balance.ts';

const TAGS = ['books'];

export function registerBooks(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/trial-balance',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Debits and credits of every asset, in one picture',
        description:
          'Now, or as the event `atSeq` left it: what was posted stays, so that is the same for ever.',
        tags: TAGS,
        querystring: TrialBalanceQuery,
        response: answers(200, TrialBalance, [400, 401, 422, 503]),
      },
    },
    async ({ query: { atSeq } }) =>
      presentBooks(await (atSeq === undefined ? readBooks(reads) : readBooksAt(reads, atSeq))),
  );

  app.get(
    '/v1/consistency',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Check every invariant that one bank can check, in one picture',
        tags: TAGS,
        response: answers(200, Consistency, [401, 503]),
      },
    },
    () => checkConsistency(reads),
  );
}
