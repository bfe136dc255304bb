import { Consistency, TrialBalance } from '@lastro/contract';
import type { Application } from '../http/application.ts';
import { answers } from '../http/answers.ts';
import { checkConsistency } from './consistency.ts';
import type { LedgerParts } from './routes.ts';
import { readTrialBalance } from './trial-balance.ts';

const TAGS = ['books'];

export function registerBooks(app: Application, { reads }: LedgerParts): void {
  app.get(
    '/v1/trial-balance',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Debits and credits of every asset, in one picture',
        tags: TAGS,
        response: answers(200, TrialBalance, [401, 503]),
      },
    },
    () => readTrialBalance(reads),
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
