import { Type } from 'typebox';
import type { Application } from '../application.ts';
import type { OperationParts } from './routes.ts';

const Probe = Type.Object({ status: Type.String() });

function schemaOf(summary: string) {
  return {
    summary,
    tags: ['operation'],
    security: [],
    response: { 200: { ...Probe, description: 'Yes.' }, 503: { ...Probe, description: 'No.' } },
  };
}

/** What a supervisor or a load balancer asks. */
export function registerProbes(
  app: Application,
  { engine, reads }: Pick<OperationParts, 'engine' | 'reads'>,
): void {
  app.get('/livez', { schema: schemaOf('Whether the process answers') }, () => ({ status: 'ok' }));

  app.get(
    '/readyz',
    { schema: schemaOf('Whether commands can be taken') },
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
}
