import { EventList, EventQuery, PAGE_LIMIT_DEFAULT } from '@lastro/contract';
import type { Application } from '../http/application.ts';
import { answers } from '../http/answers.ts';
import type { Reads } from '../store/reads.ts';
import { readEvents } from './read-events.ts';

export interface FeedParts {
  readonly reads: Reads;
}

/** What leaves the bank: the journal is the outbox. */
export function registerFeed(app: Application, { reads }: FeedParts): void {
  app.get(
    '/v1/events',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The bank’s events in their one order, each once',
        tags: ['events'],
        querystring: EventQuery,
        response: answers(200, EventList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const after = query.after ?? -1;
      const data = await readEvents(reads, after, query.limit ?? PAGE_LIMIT_DEFAULT);
      return { data, next: data.at(-1)?.seq ?? after };
    },
  );
}
