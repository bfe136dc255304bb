import type { FastifyInstance } from 'fastify';

/** How often connections that fell idle are looked for while a listener closes. */
const LOOK_EVERY_MS = 25;

/**
 * Lets a listener end as soon as its last request is answered. Node closes the connections that are
 * idle when closing begins; one that is answered later would be kept alive, and hold up the stop,
 * until its client goes away.
 */
export function closeIdleConnections(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', (done) => {
    timer = setInterval(() => app.server.closeIdleConnections(), LOOK_EVERY_MS);
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}
