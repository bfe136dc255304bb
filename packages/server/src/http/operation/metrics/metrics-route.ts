import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Type } from 'typebox';
import type { Application } from '../../application.ts';
import { readKnownHead } from '../known-head.ts';
import type { OperationParts } from '../routes.ts';
import { engineHistograms, registerEngineMetrics } from './engine-metrics.ts';
import { exposeHistograms } from './exposition.ts';
import { httpDurations, registerHttpMetrics } from './http-metrics.ts';

/**
 * `/metrics` for Prometheus. It is open, as scrapers expect: it names routes and codes, never an
 * account, a key or an amount.
 */
export function registerMetrics(app: Application, parts: OperationParts): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerEngineMetrics(registry, parts.engine);
  registerHttpMetrics(registry, app.traffic);
  parts.registerMetrics?.(registry);
  const setHead = createHeadGauges(registry, parts);
  app.addHook('onClose', (_app, done) => {
    registry.clear();
    done();
  });
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Metrics of this process, for Prometheus',
        tags: ['operation'],
        security: [],
        response: {
          200: { description: 'Done.', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) => {
      await setHead();
      const families = [...engineHistograms(parts.engine.statistics), httpDurations(app.traffic)];
      const text = [await registry.metrics(), ...families.map(exposeHistograms)].join('\n');
      return reply.type(registry.contentType).serializer(asItIs).send(text);
    },
  );
}

function asItIs(text: string): string {
  return text;
}

/** Gauges of the head, set before a scrape; absent while none is known, for a zero would be a lie. */
function createHeadGauges(registry: Registry, parts: OperationParts): () => Promise<void> {
  const registers = [registry];
  const block = new Gauge({ name: 'lastro_head_block', help: 'Newest block.', registers });
  const seq = new Gauge({ name: 'lastro_head_seq', help: 'Newest event.', registers });
  return async () => {
    const head = await readKnownHead(parts);
    if (head === undefined) {
      block.remove();
      seq.remove();
      return;
    }
    block.set(head.block);
    seq.set(head.seq);
  };
}
