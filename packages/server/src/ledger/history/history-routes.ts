import { AccountId, BalanceAnswer, BalanceQuery } from '@lastro/contract';
import { Type } from 'typebox';
import type { Application } from '../../http/application.ts';
import { answers } from '../../http/answers.ts';
import { momentOf } from '../../http/period.ts';
import { ProblemError } from '../../http/problem.ts';
import type { Reads, Snapshot } from '../../store/reads.ts';
import { readBalanceAt } from './account-balance.ts';
import { readNow, readStandingAt, readStandingBy, type Standing } from './standing.ts';

export interface HistoryParts {
  readonly reads: Reads;
}

export function registerHistory(app: Application, { reads }: HistoryParts): void {
  app.get(
    '/v1/accounts/:id/balance',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The account’s balance, now or as it was',
        description:
          'As of the event `atSeq`, or of what was booked by the moment `at` (one of the two). ' +
          '`seq` and `at` of the answer are the event that it is as of. An event that is still to ' +
          'come is refused; for a moment that is still to come the newest event stands, so an ' +
          'answer is final once the bank has booked something later. 404: not open by then.',
        tags: ['accounts'],
        params: Type.Object({ id: AccountId }),
        querystring: BalanceQuery,
        response: answers(200, BalanceAnswer, [400, 401, 404, 422, 503]),
      },
    },
    async ({ params, query }) => {
      const standing = await standingOf(reads, query);
      const found =
        standing === undefined ? undefined : await readBalanceAt(reads, params.id, standing);
      if (found === undefined) throw new ProblemError('not_found');
      return found;
    },
  );
}

/** What is asked as of; undefined before the bank's opening. */
async function standingOf(reads: Snapshot, query: BalanceQuery): Promise<Standing | undefined> {
  const { atSeq, at } = query;
  if (atSeq !== undefined && at !== undefined) {
    throw new ProblemError('invalid_request', {
      errors: [{ pointer: '#querystring/at', detail: 'goes without atSeq' }],
    });
  }
  if (at !== undefined) return readStandingBy(reads, momentOf('at', at));
  return atSeq === undefined ? readNow(reads) : readStandingAt(reads, atSeq);
}
