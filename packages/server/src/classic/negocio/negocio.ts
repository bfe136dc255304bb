import { LastroClient } from '@lastro/client';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { closeIdleConnections } from '../../http/close-idle.ts';
import { openOperationLog, type OperationLog } from '../operation-log.ts';
import { registerNegocioRoutes } from './routes.ts';

export interface NegocioParts {
  /** Of the data server. */
  readonly dataUrl: string;
  readonly log: Pick<Logger, 'error'>;
  /** Where the operations are written down, one line each; the caller's, as several servers may share it. */
  readonly operations: OperationLog;
}

/** A classic business server (`docs/classics/negocio.md`); its caller listens. It holds nothing. */
export interface Negocio {
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** Longer than a request line may be: what is too long is refused like any other bad value. */
const PARAMETER_LENGTH_MAX = 16_384;

/** Tokens that are known at once; each has a client with connections of its own. */
const CLIENTS_MAX = 64;

/** The one log of all the business servers of a process. */
export function openBusinessLog(file: string, log: Pick<Logger, 'warn'>): Promise<OperationLog> {
  return openOperationLog({
    file,
    now: () => new Date(),
    onError: (error) => log.warn({ fault: error.message }, 'negocio: the operation log failed'),
  });
}

export function createNegocio({ dataUrl, log, operations }: NegocioParts): Negocio {
  const clients = new Map<string, LastroClient>();
  const clientFor = (token: string): LastroClient => {
    const known = clients.get(token);
    if (known !== undefined) return known;
    const client = new LastroClient({ url: dataUrl, key: token });
    clients.set(token, client);
    const [oldest] = clients;
    if (clients.size > CLIENTS_MAX && oldest !== undefined) {
      clients.delete(oldest[0]);
      oldest[1].close().catch(() => undefined);
    }
    return client;
  };
  const stop = new AbortController();
  const app = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
  });
  closeIdleConnections(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ erro: 'rota desconhecida' }));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 503;
    if (status < 500) return reply.code(status).send({ erro: 'pedido inválido' });
    log.error({ fault: error.message }, 'negocio: a request failed');
    return reply
      .code(503)
      .header('retry-after', '1')
      .send({ erro: 'o servidor de dados não responde' });
  });
  registerNegocioRoutes(app, { clientFor, operations, stopping: stop.signal });
  return {
    app,
    async close() {
      stop.abort();
      await app.close();
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
