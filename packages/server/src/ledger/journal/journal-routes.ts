import {
  JournalBlock,
  JournalBlockPath,
  JournalCheckpointList,
  JournalCheckpointQuery,
  JournalHead,
} from '@lastro/contract';
import type { Application } from '../../http/application.ts';
import { answers } from '../../http/answers.ts';
import { decodeTextCursor, encodeCursor, invalidCursor } from '../../http/cursor.ts';
import { limitOf, pageOf } from '../../http/pages.ts';
import { ProblemError } from '../../http/problem.ts';
import type { Reads } from '../../store/reads.ts';
import { readCheckpoints, type CheckpointPlace } from './checkpoint/checkpoint-rows.ts';
import { readBlock, readHead } from './journal-queries.ts';

const TAGS = ['journal'];
const BYTES = 'application/octet-stream';

export interface JournalParts {
  readonly reads: Reads;
}

/** The journal as it is hashed and signed; docs/reference/journal.md tells how to check it. */
export function registerJournal(app: Application, { reads }: JournalParts): void {
  app.get(
    '/v1/journal/head',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The newest block: number, last event, hash',
        tags: TAGS,
        response: answers(200, JournalHead, [401, 403, 503]),
      },
    },
    () => readHead(reads),
  );
  registerBlocks(app, reads);
  registerCheckpoints(app, reads);
}

function registerBlocks(app: Application, reads: Reads): void {
  app.get(
    '/v1/journal/blocks/:block',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'One block with its exact bytes',
        description:
          `With \`Accept: ${BYTES}\` the answer is the bytes themselves, whose SHA-256 is the ` +
          'ETag; otherwise JSON with the bytes in base64. A block never changes.',
        tags: TAGS,
        params: JournalBlockPath,
        response: answers(200, JournalBlock, [400, 401, 403, 404, 503]),
      },
    },
    async (request, reply) => {
      const found = await readBlock(reads, request.params.block);
      if (found === undefined) throw new ProblemError('not_found');
      reply.header('etag', `"${found.hash}"`).header('vary', 'accept');
      if (wantsBytes(request.headers.accept)) return reply.type(BYTES).send(found.body);
      const { body, ...columns } = found;
      return { ...columns, bytes: body.toString('base64') };
    },
  );
}

/** Whoever names the bytes' type wants it; all others get JSON. */
function wantsBytes(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  return types.includes(BYTES);
}

function registerCheckpoints(app: Application, reads: Reads): void {
  app.get(
    '/v1/journal/checkpoints',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Signed checkpoints of the journal, newest first',
        description:
          'Keep some of them, and the public key, away from the bank: `lastro verify --against` ' +
          'then finds a history that was rewritten or cut off.',
        tags: TAGS,
        querystring: JournalCheckpointQuery,
        response: answers(200, JournalCheckpointList, [400, 401, 403, 503]),
      },
    },
    async ({ query }) => {
      const limit = limitOf(query);
      const rows = await readCheckpoints(reads, placeOf(query.cursor), limit + 1);
      return pageOf(
        rows,
        limit,
        (checkpoint) => checkpoint,
        ({ block, publicKey }) => encodeCursor(`${block}.${publicKey}`),
      );
    },
  );
}

/** The place after which the page begins; undefined for the first page. */
function placeOf(cursor: string | undefined): CheckpointPlace | undefined {
  const text = decodeTextCursor(cursor);
  if (text === undefined) return undefined;
  const [, block, publicKey] = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  if (block === undefined || publicKey === undefined) throw invalidCursor();
  return { block: Number(block), publicKey };
}
