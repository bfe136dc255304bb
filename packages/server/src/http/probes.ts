import { ERRORS, isErrorCode, problemType, type ErrorCode } from '@lastro/contract';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import type { Reads } from '../store/reads.ts';
import type { Application } from './application.ts';
import { escapeHtml, htmlPage } from './html.ts';

export interface ProbeParts {
  readonly engine: Pick<Engine, 'isWriting' | 'pendingCount'>;
  readonly reads: Reads;
  readonly bank: string;
}

const Status = Type.Object({ status: Type.String() });

/** What operators and people look at: liveness, readiness, the front page and the list of errors. */
export function registerProbes(app: Application, { engine, reads, bank }: ProbeParts): void {
  const schema = (summary: string) => ({
    summary,
    tags: ['operation'],
    security: [],
    response: { 200: { ...Status, description: 'Yes.' }, 503: { ...Status, description: 'No.' } },
  });
  app.get('/livez', { schema: schema('Whether the process answers') }, () => ({ status: 'ok' }));

  app.get(
    '/readyz',
    { schema: schema('Whether commands can be taken') },
    async (_request, reply) => {
      if (!engine.isWriting) return reply.code(503).send({ status: 'not writing' });
      try {
        await reads.rows('select block from head');
        return await reply.code(200).send({ status: 'ok' });
      } catch {
        return reply.code(503).send({ status: 'database unavailable' });
      }
    },
  );

  app.get('/', { schema: { hide: true } }, async (_request, reply) => {
    const [head] = await reads.rows<{ block: bigint; seq: bigint }>('select block, seq from head');
    const body = `<h1>Lastro · ${escapeHtml(bank)}</h1>
<p>Money and orders that always add up. Dinheiro e pedidos que sempre fecham.</p>
<dl><dt>block</dt><dd>${head?.block}</dd><dt>events</dt><dd>${head?.seq}</dd>
<dt>in flight</dt><dd>${engine.pendingCount}</dd>
<dt>writing</dt><dd>${engine.isWriting ? 'yes' : 'no'}</dd></dl>
<ul><li><a href="/openapi.json">OpenAPI 3.1</a></li><li><a href="/readyz">readiness</a></li>
<li><a href="/errors">errors</a></li></ul>
<p>The API is below <code>/v1</code> and wants <code>Authorization: Bearer …</code></p>`;
    return reply.type('text/html; charset=utf-8').send(htmlPage(`Lastro · ${bank}`, body));
  });

  app.get('/errors', { schema: { hide: true } }, async (_request, reply) => {
    const rows = Object.keys(ERRORS).filter(isErrorCode).map(errorRow);
    const body = `<h1>Errors</h1><table><tr><th>code</th><th>status</th><th>retry</th><th></th></tr>
${rows.join('\n')}</table>`;
    return reply.type('text/html; charset=utf-8').send(htmlPage('Lastro · errors', body));
  });
}

function errorRow(code: ErrorCode): string {
  const entry = ERRORS[code];
  const anchor = problemType(code).split('#')[1] ?? code;
  return `<tr id="${anchor}"><td><code>${code}</code></td><td>${entry.status}</td>
<td>${entry.retryable ? 'yes' : 'no'}</td>
<td><b>${escapeHtml(entry.title.en)}</b> · ${escapeHtml(entry.title.pt)}<br>${escapeHtml(entry.explanation)}</td></tr>`;
}
