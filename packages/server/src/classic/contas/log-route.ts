import type { FastifyInstance } from 'fastify';
import { refused } from './answer.ts';
import { readLogPage, type LogParts } from './log-page.ts';

export type LogRoute = LogParts;

const LINES_DEFAULT = 200;
const LINES_MAX = 1_000;

/** Pages that are read at once; each may look at a good part of the journal. */
const READS_MAX = 2;

/** `GET /log?limit=&antes=`: plain text, a line for each operation, oldest first. */
export function registerLog(app: FastifyInstance, parts: LogRoute): void {
  let reading = 0;
  app.get('/log', async (request, reply) => {
    const asked = new URLSearchParams(request.url.split('?')[1] ?? '');
    const limit = wholeNumber(asked.get('limit') ?? String(LINES_DEFAULT));
    const before = asked.has('antes') ? wholeNumber(asked.get('antes') ?? '') : null;
    if (limit === undefined || limit > LINES_MAX || before === undefined) {
      const { body } = refused(`"limit" vai de 1 a ${LINES_MAX} e "antes" é o número de um evento`);
      return reply.code(400).send(body);
    }
    if (reading >= READS_MAX) {
      const { body } = refused('O log está sendo lido por outros: tente novamente');
      return reply.code(503).header('retry-after', '1').send(body);
    }
    reading += 1;
    try {
      const { lines, olderThan } = await readLogPage(parts, before ?? undefined, limit);
      if (olderThan !== undefined) {
        reply.header('link', `</log?limit=${limit}&antes=${olderThan}>; rel="next"`);
      }
      return await reply
        .type('text/plain; charset=utf-8')
        .send(lines.map((line) => `${line}\n`).join(''));
    } finally {
      reading -= 1;
    }
  });
}

/** 1 and more. */
function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
